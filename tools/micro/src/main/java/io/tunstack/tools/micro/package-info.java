/**
 * What the hot pieces cost by themselves: JMH benchmarks, compiled with every build and run by
 * hand.
 *
 * <pre>
 *   Peers (a link with many clients at its other end) --- Stack --- HttpServer
 *   checksum     timer wheel     request parser
 * </pre>
 *
 * <p>Here no kernel takes part: how the cost of a request grows with the number of connections is
 * this stack's own doing, where in {@code tools/bench/run} it is the kernel's as well.
 */
package io.tunstack.tools.micro;
