/**
 * Where packets come from and go to.
 *
 * <p>A {@link io.tunstack.link.Link} carries whole IPv4 packets and knows nothing of what is in
 * them. The TUN device is one, an in-memory pair is another, and links that wrap links add a
 * capture, a trace or an impairment without either side noticing.
 *
 * <pre>
 *   Stack --send(OutboundPacket)--&gt; Link --&gt; device, peer stack, wrapped link
 *   Stack &lt;--receive(ByteBuf)------ Link
 * </pre>
 *
 * <p>A link that {@linkplain io.tunstack.link.Link#offloads() offloads} carries what is not on any
 * wire: packets of 64 KiB that stand for many segments, and checksums that are only begun. That is
 * metadata beside the bytes; who does not care for it puts a {@link io.tunstack.link.WireSizeLink}
 * in between.
 *
 * <p>A {@link io.tunstack.link.DelayLine} emulates one direction of a path: rate and queue with
 * tail drop, CoDel or RED, delay, jitter, loss at random and in bursts, reordering, duplication and
 * corruption, as a {@link io.tunstack.link.LinkProfile} says. What becomes of a packet is a
 * function of the seed, its flow and its number there. {@link io.tunstack.link.ImpairedLink} puts
 * one in front of any link, the simulation has one for each path.
 *
 * <p>Ownership is simple because nothing is handed over: {@code send} has consumed the bytes when
 * it returns, and {@code receive} copies into the caller's buffer. A link that keeps a packet
 * copies it. A link never calls back into the stack that uses it.
 */
package io.tunstack.link;
