/**
 * What an attacker may send: packets with right checksums near the numbers that count, from bytes
 * that a fuzzer chooses.
 *
 * <pre>
 *   bytes --&gt; ReceiveFuzzTarget    which state to begin in, which packets, calls and waits follow
 *                  |-- FuzzedPeer     makes the packets; knows the numbers of both sides
 *                  |-- FuzzedStack    the stack under test; checks what it says after every packet
 *                  `-- FuzzStatistics where the packets went
 * </pre>
 */
package io.tunstack.fuzz;
