/**
 * What {@code tools/bench/run} needs besides the command itself.
 *
 * <pre>
 *   netload (the kernel's TCP) --- TUN --- Responder       no TCP logic: the bar for us
 *                              --- TUN --- tunstack up     us
 * </pre>
 *
 * <p>{@link io.tunstack.tools.bench.Responder} makes the same calls into the kernel, through the
 * same code, as the stack does, and nothing else: what lies between the two is what TCP costs.
 */
package io.tunstack.tools.bench;
