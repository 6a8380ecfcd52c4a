/**
 * The rooms put together, and the loop that turns them.
 *
 * <pre>
 *   caller, or StackThread
 *        |  receive(packet)        poll(now) --&gt; next deadline
 *        v                           |
 *      Stack:  bursts: link.receive, some 30 times; each packet --&gt; Ipv4 --&gt; Tcp, Udp
 *              then callbacks from the ready list
 *              then timers, if no input waits
 *              then link.batch, what connections owe, link.flush
 * </pre>
 *
 * <p>Packets are read one right after the other and then processed likewise, and those that are
 * sent are put together first and handed to the kernel afterwards: what runs in a row stays in the
 * caches.
 *
 * <p>A {@link io.tunstack.engine.Stack} does nothing by itself: its caller drives it, with a clock
 * of the caller's choosing. {@link io.tunstack.engine.StackThread} is the loop for those who have a
 * link that can be waited on and no loop of their own.
 */
package io.tunstack.engine;
