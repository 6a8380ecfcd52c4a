/**
 * The rooms put together, and the loop that turns them.
 *
 * <pre>
 *   caller, or StackThread
 *        |  receive(packet)        poll(now) --&gt; next deadline
 *        v                           |
 *      Stack:  link.receive --&gt; Ipv4 --&gt; Tcp, Udp
 *              then callbacks from the ready list
 *              then timers, if no input waits
 *              then what connections owe, then link.flush
 * </pre>
 *
 * <p>A {@link io.tunstack.engine.Stack} does nothing by itself: its caller drives it, with a clock
 * of the caller's choosing. {@link io.tunstack.engine.StackThread} is the loop for those who have a
 * link that can be waited on and no loop of their own.
 */
package io.tunstack.engine;
