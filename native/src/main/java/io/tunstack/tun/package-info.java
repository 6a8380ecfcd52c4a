/**
 * The TUN device: where packets of the kernel's own TCP/IP stack come out and ours go in.
 *
 * <pre>
 *   TunConfig --&gt; TunLink.open
 *                    |
 *                 TunDevice      /dev/net/tun, TUNSETIFF; address, MTU, queue length, up by ioctl
 *                    |  \
 *                    |   InterfaceControl   the ioctls on network interfaces (SIOCGIF..., SIOCSIF...)
 *                    v
 *                 TunLink        read, ppoll over [tun, eventfd]
 *                    |  \
 *                    |   Outbox             what is sent, together until it is written
 *                    v
 *                 Syscalls       an interface, so that tests can play the kernel
 *                    |
 *                 LibC           JNA direct mapping
 * </pre>
 *
 * <p>One platform thread sends, receives and waits. {@link io.tunstack.tun.TunLink#wakeup()} and
 * {@link io.tunstack.tun.TunLink#close()} may come from any thread; the descriptors are closed by
 * whoever leaves last, so that a descriptor's number is never reused under a call in flight.
 *
 * <p>A device of ours disappears with its descriptor, also when the process is killed. A persistent
 * device, made beforehand with {@code ip tuntap add}, is used as it is and left alone afterwards.
 *
 * <p>This package knows links and buffers of {@code stack}, and nothing of protocols beyond the
 * version nibble. It is the only place where native code is called.
 */
package io.tunstack.tun;
