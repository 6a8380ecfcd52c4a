/**
 * The {@code tunstack} command.
 *
 * <pre>
 *   Main --&gt; Tunstack                       --help, --version
 *               |
 *        +------+------------+
 *     UpCommand          GetCommand          flags, checked; hints; exit codes
 *        |                   |
 *     WebSite              Get: OwnDevice, Fetch, GetOutput
 *        |                   |
 *        +------ Daemon -----+              TunLink + Stack + StackThread, started and stopped
 * </pre>
 *
 * <p>Exit codes: {@code 0} after a stop that was asked for, {@code 1} for a failure, {@code 2} for
 * a command line that makes no sense, {@code 77} where the kernel wants a privilege that we lack;
 * {@code get} has those of curl, and {@code 125} and {@code 126} where there is no device.
 *
 * <p>This package puts the others together. It knows no protocol.
 */
package io.tunstack.tools;
