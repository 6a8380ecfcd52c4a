/**
 * The bytes that wait: slabs for send and receive queues.
 *
 * <p>A {@link io.tunstack.memory.SlabPool} hands out direct buffers of one size and takes them
 * back; queues string them together. It is a plain stack of free slabs on one thread, because
 * Netty's pool costs twenty times as much per turn. Netty's leak detector does not see slabs:
 * {@link io.tunstack.memory.SlabPool#inUse()} does, and every test ends with it at zero.
 *
 * <p>This package knows netty-buffer and nothing of packets.
 */
package io.tunstack.memory;
