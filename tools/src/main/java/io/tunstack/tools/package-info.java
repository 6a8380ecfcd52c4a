/**
 * The {@code tunstack} command.
 *
 * <pre>
 *   Main --&gt; Tunstack            --help, --version
 *               |
 *            UpCommand            flags --&gt; UpSettings, checked; hints; exit codes
 *               |
 *             Daemon              TunLink + Stack + StackThread + HttpServer, started and stopped
 * </pre>
 *
 * <p>Exit codes: {@code 0} after a stop that was asked for, {@code 1} for a failure, {@code 2} for
 * a command line that makes no sense, {@code 77} where the kernel wants a privilege that we lack.
 *
 * <p>This package puts the others together. It knows no protocol.
 */
package io.tunstack.tools;
