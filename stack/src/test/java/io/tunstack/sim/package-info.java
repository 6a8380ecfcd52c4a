/**
 * Properties of whole stacks on a simulated network, and tests of the simulation itself.
 *
 * <pre>
 *   Setup, List&lt;Operation&gt; --&gt; TwoHosts --&gt; Simulation: client, server
 *                                 |-- StreamApp      what each application sees
 *                                 |-- WireChecks     what each packet may say
 *                                 `-- StateChecks    where each state may lead
 * </pre>
 */
package io.tunstack.sim;
