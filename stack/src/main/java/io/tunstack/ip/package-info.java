/**
 * IPv4 in and out, with ICMP (RFC 791, RFC 792, RFC 1122 §3).
 *
 * <p>{@link io.tunstack.ip.Ipv4} judges each packet from the link, joins fragments, and hands whole
 * datagrams to the {@link io.tunstack.ip.Transport} that registered for their protocol; ICMP is a
 * transport like the others, but lives here. On the way out a transport fills an {@link
 * io.tunstack.link.OutboundPacket} and {@code Ipv4} writes the header in front of it, cutting it if
 * it has to.
 *
 * <pre>
 *                   Transport (TCP, UDP)                 Icmp
 *                  ^ receive    ^ icmpError             ^    |
 *                  |            +-----------------------|----+ an error that quotes our packet
 *                  |                                    |    | echo reply, errors
 *   packet -&gt; Ipv4.receive -- whole ----------------------+    v
 *                  |  ^                               Ipv4.send -- fits ----&gt; Link
 *          fragment|  |whole                              |                ^
 *                  v  |                                   +-- cut in pieces
 *               Reassembler
 * </pre>
 *
 * <p>A host, not a router: what is not for one of our addresses is dropped, and nothing that was
 * received is ever sent on. Broadcasts and multicasts are not taken. Everything here belongs to the
 * engine thread; nothing blocks, nothing throws because of what a packet says, and a packet that is
 * not a fragment allocates nothing.
 *
 * <p>This package knows {@code wire}, {@code link} and {@code stats}. It does not know the timer
 * wheel: reassembly has one constant time-out, so {@link io.tunstack.ip.Ipv4#nextDeadline()} is the
 * oldest datagram's.
 */
package io.tunstack.ip;
