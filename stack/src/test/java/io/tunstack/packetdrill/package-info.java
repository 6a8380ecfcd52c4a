/**
 * Packetdrill: scripts in the language of the tool of that name, run against a stack on virtual
 * time.
 *
 * <pre>
 *   0.100 &lt; S 0:0(0) win 32792 &lt;mss 1460&gt;          ScriptParser --&gt; Script: Events
 *   +0    &gt; S. 0:0(0) ack 1 &lt;mss 1460&gt;                                  |
 *   +.1   &lt; . 1:1(0) ack 1 win 257                             Runner: one after another
 *   +0    accept(3, ..., ...) = 4                            /      |           \
 *   +0    %{ assert tcpi_snd_cwnd == 10 }%            SystemCalls  Host,      Formula
 *                                                     (sockets)   Conversation
 * </pre>
 *
 * <p>The scripts of our own are in {@code src/test/resources/packetdrill}. Those of other stacks
 * run with {@code -Dpacketdrill.scripts=DIR}; one that needs what there is not (another protocol,
 * system calls that sockets here do not have) is skipped with a word why.
 */
package io.tunstack.packetdrill;
