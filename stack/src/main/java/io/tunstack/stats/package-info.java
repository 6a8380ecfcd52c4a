/**
 * What is counted, and why things happened.
 *
 * <p>Every packet that leaves has a {@link io.tunstack.stats.SendReason}, every packet or segment
 * that is thrown away has a {@link io.tunstack.stats.DropReason}; both are counters. Beside them
 * stand the {@link io.tunstack.stats.Counter}s that Linux shows in {@code /proc/net/snmp} and
 * {@code /proc/net/netstat}, under Linux's names. A {@link io.tunstack.stats.Counters} holds one
 * stack's; it belongs to the engine thread.
 */
package io.tunstack.stats;
