/**
 * Properties of whole stacks on a simulated network, and tests of the simulation itself.
 *
 * <pre>
 *   Setup, List&lt;Operation&gt; --&gt; TwoHosts --&gt; Simulation: client, server
 *                                 |-- StreamApp      what each application sees
 *                                 |-- WireChecks     what each packet may say
 *                                 `-- StateChecks    where each state may lead
 *
 *   Bounds --&gt; Explorer --&gt; StackPair: every Step that is possible, from every state
 *                                 |-- StateDigest    whether a state is a new one
 *                                 `-- StreamApp, WireChecks, StateChecks
 * </pre>
 */
package io.tunstack.sim;
