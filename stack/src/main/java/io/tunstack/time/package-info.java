/**
 * Time as a parameter.
 *
 * <p>Nothing above this package asks the operating system what time it is: a {@link
 * io.tunstack.time.Clock} is handed in, and what has to happen later is put on a {@link
 * io.tunstack.time.TimerWheel}. On a TUN device the clock is {@link io.tunstack.time.SystemClock},
 * in a test or a simulation it is {@link io.tunstack.time.VirtualClock}; the protocol code cannot
 * tell them apart.
 *
 * <pre>
 *   Clock --now--&gt; Stack.poll(now) --expire--&gt; TimerWheel --fire--&gt; connection
 *                        ^                        |
 *                        +---- next deadline -----+
 * </pre>
 *
 * <p>This package knows nothing of packets, links or protocols.
 */
package io.tunstack.time;
