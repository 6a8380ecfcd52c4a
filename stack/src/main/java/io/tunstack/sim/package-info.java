/**
 * A network of whole stacks in one thread and no real time: for tests of what runs on TCP, and of
 * TCP itself.
 *
 * <pre>
 *   Simulation(seed)
 *     |-- VirtualClock             jumps from deadline to deadline
 *     |-- SimulatedHost            a Stack, its Sockets, an address
 *     |-- SimulatedHost   ...
 *     `-- SimulatedPath            one for each ordered pair of hosts:
 *           host A --&gt; [ delay, loss, duplication, reordering, corruption ] --&gt; host B
 * </pre>
 *
 * <p>Nothing in here reads a clock of the machine or draws a number that the seed does not
 * determine: a run is a function of its seed and of what the test does, so a seed that failed fails
 * again, packet for packet. {@link io.tunstack.sim.Simulation#fingerprint()} says whether two runs
 * were the same.
 *
 * <p>Hours of retransmission time-outs take milliseconds, because nobody sleeps.
 */
package io.tunstack.sim;
