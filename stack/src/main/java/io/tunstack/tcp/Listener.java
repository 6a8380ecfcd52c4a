package io.tunstack.tcp;

import io.tunstack.time.TimerWheel;
import io.tunstack.wire.IpAddress;
import java.util.function.IntSupplier;

/**
 * A port in LISTEN: a passive open that any number of connections come from.
 *
 * <pre>
 *   SYN --> half-open, up to the cap --> complete, up to the backlog --> the application
 *            beyond it: SYN cookies       beyond it: SYN and final ACK are dropped
 * </pre>
 *
 * <p>A peer whose final ACK is dropped believes that the connection stands; it is told nothing, and
 * our SYN,ACK, which goes out again, gives it another chance (as Linux does it).
 */
public final class Listener {
  /** Linux's {@code somaxconn}. */
  static final int DEFAULT_BACKLOG = 4096;

  /** The address of a listener that is on every address of the stack. */
  static final int ANY = 0;

  private final Tcp tcp;
  final int address;
  final int port;
  final Acceptor acceptor;

  /** The next one in its bucket of the {@link ListenerTable}. */
  Listener chain;

  /** Connections in SYN-RECEIVED that came from here. */
  int halfOpen;

  /** Complete connections that the acceptor has not been given yet. */
  int complete;

  /** When the last SYN cookie left. */
  private long lastCookie = TimerWheel.NEVER;

  private int backlog;

  /** How many the application was given and has not looked at. */
  private IntSupplier waiting = () -> 0;

  /** What its connections start with. */
  ConnectionOptions options;

  boolean closed;

  Listener(
      Tcp tcp, int address, int port, int backlog, ConnectionOptions options, Acceptor acceptor) {
    this.tcp = tcp;
    this.address = address;
    this.port = port;
    this.backlog = backlog;
    this.acceptor = acceptor;
    this.options = options;
  }

  /**
   * Returns the address.
   *
   * @return one of the stack's, or {@link IpAddress#UNSPECIFIED} for all of them
   */
  public IpAddress address() {
    return new IpAddress(address);
  }

  /**
   * Returns the port.
   *
   * @return 1 to 65,535
   */
  public int port() {
    return port;
  }

  /**
   * Limits how many complete connections may wait to be accepted.
   *
   * @param newBacklog at least 1; as with {@code listen(2)} one more than this fits
   * @param whoWait tells how many the application was given and has not accepted; called on the
   *     engine thread
   */
  public void limit(int newBacklog, IntSupplier whoWait) {
    if (newBacklog < 1) {
      throw new IllegalArgumentException("the backlog is " + newBacklog + "; use at least 1");
    }
    backlog = newBacklog;
    waiting = whoWait;
  }

  boolean isAcceptQueueFull() {
    return complete + waiting.getAsInt() > backlog;
  }

  void cookieSent(long now) {
    lastCookie = now;
  }

  /** Whether a cookie can be out that is still good. */
  boolean takesCookies(long now) {
    return lastCookie != TimerWheel.NEVER && now - lastCookie <= SynCookies.VALID_NANOS;
  }

  /**
   * Returns the backlog.
   *
   * @return complete connections that may wait, at most
   */
  public int backlog() {
    return backlog;
  }

  /**
   * Chooses what connections start with whose SYN comes from now on.
   *
   * @param newOptions replaces what was chosen before
   */
  public void setOptions(ConnectionOptions newOptions) {
    options = newOptions;
  }

  /**
   * Returns what connections start with.
   *
   * @return the stack's defaults, or what was chosen
   */
  public ConnectionOptions options() {
    return options;
  }

  /** Leaves LISTEN: half-open connections are reset, established ones live on. */
  public void close() {
    tcp.opens().unlisten(this);
  }
}
