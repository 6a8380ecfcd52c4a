/**
 * Datagrams (RFC 768).
 *
 * <p>{@link io.tunstack.udp.Udp} checks what arrives and answers a datagram that nobody waits for
 * with "port unreachable". There are no sockets yet, so nobody waits.
 *
 * <pre>
 *   Ipv4 --receive--&gt; Udp --no socket on the port--&gt; Ipv4.sendUnreachable
 * </pre>
 *
 * <p>This package knows {@code ip} and {@code wire}, and not TCP.
 */
package io.tunstack.udp;
