/**
 * Headers, read and written in place.
 *
 * <p>A <em>view</em> ({@link io.tunstack.wire.Ipv4View}, {@link io.tunstack.wire.IcmpView}, {@link
 * io.tunstack.wire.UdpView} …) is a set of static methods on a buffer and an absolute offset: no
 * object, no copy, nothing moved. A <em>value</em> ({@link io.tunstack.wire.Ipv4Header}, {@link
 * io.tunstack.wire.IpAddress}, {@link io.tunstack.wire.FourTuple}) is a record for cold paths and
 * tests. A view's fields may be read once somebody has made sure that the header is there; for IPv4
 * that is {@link io.tunstack.wire.Ipv4View#check}, which takes any bytes and gives back {@link
 * io.tunstack.wire.Ipv4Fault#NONE} or the name of what is wrong. No bytes make it read outside the
 * range that it was given.
 *
 * <pre>
 *   any bytes --check--&gt; Ipv4Fault.NONE --&gt; Ipv4View.source(buffer, offset) ...
 *                   \--&gt; TOO_SHORT | VERSION | ... | SOURCE_ROUTE
 *
 *   Checksum:  sum(range) + sum(range) + pseudoHeader(...) --finish--&gt; the field
 * </pre>
 *
 * <p>This package knows Netty's buffers and nothing else of the project.
 */
package io.tunstack.wire;
