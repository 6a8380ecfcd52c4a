package io.tunstack.http.client;

import io.tunstack.http.client.HttpFailure.Kind;
import io.tunstack.http.wire.BadMessageException;
import io.tunstack.net.Alarm;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpInfo;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response.
 *
 * <pre>
 *   CONNECT --onConnected--&gt; SEND --all accepted--&gt; HEAD --head--&gt; BODY --&gt; over
 *      |                       |                      |              |
 *      +-----------------------+------- failure ------+--------------+
 * </pre>
 *
 * <p>Every event is a turn: write what the socket takes, read what is there, see to the alarm. A
 * server may answer before it has all of the request, so both go on side by side; the states above
 * only say what is waited for.
 */
final class Exchange implements HttpCall {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** What is waited for, each with a limit of its own. */
  private enum Awaited {
    /** Something of our own side: a handler with room, a producer with bytes. */
    NOTHING,
    CONNECT,
    SEND,
    HEAD,
    BODY
  }

  private final HttpClient client;
  private final ClientRequest request;
  private final ResponseHandler handler;
  private final Alarm patience;
  private final Alarm total;

  /** Where it goes out: after a retry another one. */
  private ClientConnection connection;

  private RequestSender sender;
  private ResponseReader reader;

  /** Whether the connection has carried another exchange before. */
  private boolean reused;

  private boolean sentTold;
  private boolean inTurn;

  /** Somebody called for another turn during this one. */
  private boolean again;

  private boolean over;
  private Awaited awaited = Awaited.NOTHING;

  /** How much of the request had been acknowledged when the alarm was set. */
  private long mark;

  Exchange(
      HttpClient client,
      ClientRequest request,
      ResponseHandler handler,
      Function<Runnable, Alarm> alarms) {
    this.client = client;
    this.request = request;
    this.handler = handler;
    this.patience = alarms.apply(this::overdue);
    this.total = alarms.apply(this::totalOverdue);
    if (!client.limits().totalTimeout().isZero()) {
      total.arm(client.limits().totalTimeout());
    }
  }

  // ---- events ------------------------------------------------------------------------------

  /** Begins on a connection, which may have been used before. */
  void begin(ClientConnection carrier, boolean used) {
    connection = carrier;
    carrier.carry(this);
    reused = used;
    reader = new ResponseReader(client.limits().head(), request.method(), handler);
    sender = new RequestSender(request);
    sentTold = false;
    awaited = Awaited.NOTHING;
    if (used) {
      connected();
    } else {
      watch(false);
    }
  }

  void connected() {
    TcpSocket socket = connection.socket();
    try {
      handler.onConnected(socket.localAddress(), socket.remoteAddress(), reused);
    } catch (RuntimeException e) {
      failedByOurs(e);
    }
    turn();
  }

  /** Does all there is to do now. Throws nothing. */
  void turn() {
    if (over || !connection.isConnected()) {
      return;
    }
    if (inTurn) {
      again = true;
      return;
    }
    inTurn = true;
    boolean progress = false;
    try {
      do {
        again = false;
        progress |= work();
      } while (again && !over);
    } catch (BadMessageException e) {
      fail(reader.fault(), e.getMessage());
    } catch (RuntimeException e) {
      failedByOurs(e);
    } finally {
      inTurn = false;
    }
    if (!over) {
      watch(progress);
    }
  }

  private void failedByOurs(RuntimeException e) {
    LOG.error("the handler or the producer of a call to {} failed", client.remote(), e);
    fail(Kind.CANCELLED, "the call's own handler failed");
  }

  /** The connection has ended without our doing. */
  void connectionEnded(CloseReason reason, boolean wasConnected) {
    String server = server();
    if (wasConnected && mayRepeat()) {
      repeat();
      return;
    }
    switch (reason) {
      case REFUSED -> fail(Kind.REFUSED, server + " refused the connection");
      case UNREACHABLE -> fail(Kind.UNREACHABLE, "there is no way to " + server);
      case TIMED_OUT -> {
        if (wasConnected) {
          fail(Kind.TIMEOUT, server + " has stopped acknowledging");
        } else {
          fail(Kind.CONNECT_TIMEOUT, "no answer from " + server);
        }
      }
      case RESET -> fail(Kind.RESET, server + " reset the connection");
      case ABORTED, FINISHED -> fail(Kind.CANCELLED, "the connection was closed on our side");
    }
  }

  private String server() {
    return client.remote().getAddress().getHostAddress() + ":" + client.remote().getPort();
  }

  // ---- a turn ------------------------------------------------------------------------------

  /** Answers whether anything came. */
  private boolean work() throws BadMessageException {
    sender.advance(connection.socket());
    if (sender.isDone() && !sentTold) {
      sentTold = true;
      handler.onRequestSent();
    }
    boolean progress = false;
    while (!over) {
      int count = connection.fill();
      progress |= count > 0;
      if (count < 0) {
        endOfInput();
        break;
      }
      if (!connection.input().hasRemaining()) {
        break;
      }
      reader.read(connection.input());
      if (!over && reader.isDone()) {
        complete();
      }
      if (reader.isPaused()) {
        break;
      }
    }
    return progress;
  }

  /** The server's FIN, with the response not complete as far as its framing goes. */
  private void endOfInput() {
    if (reader.endOfInput()) {
      complete();
    } else if (mayRepeat()) {
      repeat();
    } else if (reader.hasHead()) {
      fail(Kind.PARTIAL, server() + " closed the connection in the middle of the response");
    } else {
      fail(Kind.EMPTY_REPLY, server() + " closed the connection without a response");
    }
  }

  /**
   * Whether the server may have closed an idle connection while the request was on its way, and it
   * does no harm to ask again (RFC 9112 §9.3.1). The new connection is not one that was used
   * before, so there is no third time.
   */
  private boolean mayRepeat() {
    return reused && !reader.hasBegun() && request.mayBeRepeated();
  }

  private void repeat() {
    patience.cancel();
    connection.abort();
    client.reconnect(this);
  }

  // ---- the end -----------------------------------------------------------------------------

  private void complete() {
    client.answeredIn(reader.head().minorVersion());
    boolean fit =
        reader.keepsConnection()
            && !request.closesAfter()
            && sender.isDone()
            && connection.isSilent();
    finish();
    if (fit) {
      connection.release();
    } else {
      connection.close();
    }
    handler.onEnd();
  }

  private void finish() {
    over = true;
    patience.cancel();
    total.cancel();
    reader.stop();
    sender.close();
    client.over(this);
  }

  private void fail(Kind kind, String message) {
    if (over) {
      return;
    }
    finish();
    connection.abort();
    try {
      handler.onFailure(new HttpFailure(kind, message));
    } catch (RuntimeException e) {
      LOG.error("the handler of a call to {} failed when told of a failure", server(), e);
    }
  }

  // ---- the caller --------------------------------------------------------------------------

  @Override
  public void resume() {
    turn();
  }

  @Override
  public void cancel() {
    fail(Kind.CANCELLED, "the call was cancelled");
  }

  @Override
  public boolean isOver() {
    return over;
  }

  // ---- time --------------------------------------------------------------------------------

  private void watch(boolean progress) {
    Awaited now = awaited();
    if (now == Awaited.NOTHING) {
      patience.cancel();
    } else if (now != awaited || (progress && now == Awaited.BODY)) {
      mark = acknowledged();
      patience.arm(limit(now));
    }
    awaited = now;
  }

  private Awaited awaited() {
    if (!connection.isConnected()) {
      return Awaited.CONNECT;
    }
    if (reader.isPaused()) {
      return Awaited.NOTHING;
    }
    if (reader.hasHead()) {
      return Awaited.BODY;
    }
    if (sender.isWaiting()) {
      return Awaited.NOTHING;
    }
    return sender.isDone() ? Awaited.HEAD : Awaited.SEND;
  }

  private Duration limit(Awaited what) {
    ClientLimits limits = client.limits();
    return switch (what) {
      case CONNECT -> limits.connectTimeout();
      case HEAD -> limits.headTimeout();
      case SEND, BODY, NOTHING -> limits.idleTimeout();
    };
  }

  private long acknowledged() {
    TcpInfo info = connection.socket().info();
    return sender.accepted() - info.unsentBytes() - info.unackedBytes();
  }

  private void overdue() {
    Awaited what = awaited;
    awaited = Awaited.NOTHING;
    if (what == Awaited.SEND && acknowledged() > mark) {
      // The socket tells of room only now and then; the server has been taking all the while.
      watch(false);
      return;
    }
    String after = " in " + seconds(limit(what));
    switch (what) {
      case CONNECT -> fail(Kind.CONNECT_TIMEOUT, "no answer from " + server() + after);
      case SEND -> fail(Kind.TIMEOUT, server() + " took nothing of the request" + after);
      case HEAD -> fail(Kind.TIMEOUT, "no response from " + server() + after);
      case BODY -> fail(Kind.TIMEOUT, "nothing more came from " + server() + after);
      case NOTHING -> {
        // Stopped in the same moment.
      }
    }
  }

  private void totalOverdue() {
    fail(
        Kind.TIMEOUT,
        "not finished with " + server() + " in " + seconds(client.limits().totalTimeout()));
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? time.toSeconds() + " s"
        : String.format(Locale.ROOT, "%.3f s", time.toMillis() / 1000.0);
  }
}
