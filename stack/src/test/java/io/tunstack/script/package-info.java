/**
 * Scripts: one stack against a scripted peer, on virtual time, in the notation of tcpdump.
 *
 * <pre>
 *   script.inject("S 0:0(0) win 65535 &lt;mss 1460&gt;");
 *   script.expect("S. 0:0(0) ack 1 &lt;mss 1460&gt;");
 * </pre>
 *
 * <p>Sequence numbers are relative to each side's initial one, which lies near 2³², so that every
 * script crosses the wrap.
 */
package io.tunstack.script;
