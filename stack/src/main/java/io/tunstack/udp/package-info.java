/**
 * Datagrams (RFC 768, RFC 1122 §4.1).
 *
 * <p>{@link io.tunstack.udp.Udp} checks what arrives and finds the {@link
 * io.tunstack.udp.UdpEndpoint} for it: one that is connected to the sender, or else one that has
 * bound the port. A datagram that nobody waits for is answered with "port unreachable"; what others
 * answer about our own reaches the endpoint that sent it.
 *
 * <pre>
 *   Ipv4 --receive----&gt; Udp --table--&gt; UdpEndpoint: queue --receive()--&gt; application
 *        &lt;-unreachable-'  |                 |   ^
 *        --icmpError------'                 |   '--- EndpointHandler, after each batch
 *        &lt;-------------------send-----------'
 * </pre>
 *
 * <p>There is no broadcast and no multicast, in or out, and no IP options. This package knows
 * {@code ip} and {@code wire}, and not TCP.
 */
package io.tunstack.udp;
