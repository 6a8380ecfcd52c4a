package io.tunstack.http;

import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.HttpMethod;
import io.tunstack.http.wire.RequestHead;
import io.tunstack.http.wire.RequestParser;
import io.tunstack.net.Alarm;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpInfo;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's server side.
 *
 * <pre>
 *            +--------- keep-alive ---------+
 *            v                              |
 *   HEAD --request--&gt; EXCHANGE --response--+--&gt; CLOSING --all written, FIN--&gt; LINGER --&gt; CLOSED
 *     |                   |                          ^
 *     +---- refused ------+--------------------------+
 * </pre>
 *
 * <p>Every event, be it bytes, room, a timer or a handler that woke up, is a turn: things go on
 * until nothing moves any more or the socket takes no more output. One request is in work at a
 * time; those that were pipelined behind it stay in the input, and beyond that in TCP's receive
 * buffer, where they close the window.
 */
final class HttpConnection implements TcpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /**
   * What is read at once while a head is wanted. Every byte of a next request read too early has to
   * be kept, so not too much.
   */
  private static final int HEAD_READ_BYTES = 8_192;

  private enum Phase {
    HEAD,
    EXCHANGE,
    CLOSING,
    LINGER,
    CLOSED
  }

  private final HttpServer server;
  private final TcpSocket socket;
  private final HttpLimits limits;
  private final Input input;
  private final Output output;
  private final Watchdog watchdog;

  private Phase phase = Phase.HEAD;

  /** Requests so far: tells one wait from the next of its kind. */
  private long requests;

  /** Borrowed from the server while a head is incomplete; null otherwise. */
  private RequestParser parser;

  /** The exchange in work; null but in {@link Phase#EXCHANGE}. */
  private ExchangeWork work;

  /** Bytes thrown away after our FIN. */
  private long discarded;

  private boolean alarmRang;
  boolean queued;

  HttpConnection(HttpServer server, TcpSocket socket, Function<Runnable, Alarm> alarms) {
    this.server = server;
    this.socket = socket;
    this.limits = server.limits();
    this.input = new Input(server.inputBuffer());
    this.output = new Output(socket, server.stage());
    this.watchdog = new Watchdog(alarms.apply(this::onAlarm));
  }

  @Override
  public void onConnected(TcpSocket ignored) {
    // Responses leave as whole as they are written; Nagle would hold back the last segment.
    socket.setNoDelay(true);
    server.run(this);
  }

  @Override
  public void onReadable(TcpSocket ignored) {
    server.run(this);
  }

  @Override
  public void onWritable(TcpSocket ignored) {
    server.run(this);
  }

  @Override
  public void onClosed(TcpSocket ignored, CloseReason reason) {
    if (phase == Phase.EXCHANGE) {
      count(HttpCounter.INCOMPLETE);
    }
    release();
  }

  private void onAlarm() {
    alarmRang = true;
    server.run(this);
  }

  /** The handler has changed its mind about something. */
  void resume() {
    if (work != null) {
      work.resume();
    }
    server.run(this);
  }

  /** The handler fails, some time after it returned. */
  void failLater(RuntimeException cause) {
    work.failWith(cause);
    server.run(this);
  }

  /**
   * The server goes down: a connection between two requests ends now, others after the response.
   */
  void drain() {
    server.run(this);
  }

  TcpInfo tcpInfo() {
    return socket.info();
  }

  /** Does all there is to do now. Throws nothing. */
  void turn() {
    if (phase == Phase.CLOSED || !socket.isOpen()) {
      return;
    }
    try {
      if (alarmRang) {
        alarmRang = false;
        overdue();
      }
      proceed();
    } catch (RuntimeException e) {
      LOG.error("the connection from {} is reset, for an error of ours", remote(), e);
      abort();
    }
    input.endTurn();
    if (parser != null && parser.isFresh()) {
      returnParser();
    }
    watch();
  }

  private void returnParser() {
    parser.reset();
    server.giveParser(parser);
    parser = null;
  }

  private boolean hasBegunHead() {
    return parser != null && parser.hasBegun();
  }

  private Object remote() {
    return socket.remoteAddress();
  }

  private void proceed() {
    output.beginTurn();
    if (!output.flush()) {
      return;
    }
    boolean progress = true;
    while (progress && !output.isBlocked()) {
      progress =
          switch (phase) {
            case HEAD -> head();
            case EXCHANGE -> exchange();
            case CLOSING -> sendFin();
            case LINGER -> linger();
            case CLOSED -> false;
          };
      if (output.stage().position() > output.stage().capacity() / 2) {
        output.flush();
      }
    }
    output.flush();
  }

  // ---- the request -------------------------------------------------------------------------

  private boolean head() {
    if (server.isClosed() && input.available() == 0 && !hasBegunHead()) {
      phase = Phase.CLOSING;
      return true;
    }
    if (parser == null) {
      parser = server.takeParser();
    }
    try {
      if (!parser.parse(input.array(), input.start(), input.end())) {
        int count = input.fill(socket, HEAD_READ_BYTES);
        if (count < 0) {
          endOfInput();
        }
        return count != 0;
      }
      begin();
    } catch (BadMessageException e) {
      refuse(e);
    }
    return true;
  }

  private void begin() throws BadMessageException {
    ExchangeWork next = server.takeWork();
    RequestHead head = next.head();
    parser.head(head, input.array(), input.start());
    input.skip(parser.length());
    returnParser();
    HttpRouter.Route route = server.router().find(head.method(), head.target());
    long maxBodyBytes = route.maxBodyBytes().orElse(limits.bodyBytes());
    boolean shown = !(route.handler() instanceof TextHandler);
    ServerExchange exchange = next.begin(this, socket, input, output, maxBodyBytes, shown);
    count(HttpCounter.REQUESTS);
    requests++;
    work = next;
    phase = Phase.EXCHANGE;
    try {
      route.handler().handle(exchange);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** The peer's FIN, with a request wanted or in work. */
  private void endOfInput() {
    if (phase == Phase.HEAD && !hasBegunHead()) {
      phase = Phase.CLOSING;
      return;
    }
    count(HttpCounter.INCOMPLETE);
    if (work != null && work.responseBegun() && !work.responseDone()) {
      abort();
    } else {
      endExchange();
      phase = Phase.CLOSING;
    }
  }

  // ---- the exchange ------------------------------------------------------------------------

  private boolean exchange() {
    try {
      switch (work.advance()) {
        case WAITING -> {
          return false;
        }
        case PROGRESS -> {
          return true;
        }
        case COMPLETE -> {
          count(HttpCounter.RESPONSES);
          boolean keepAlive = work.keepAlive();
          endExchange();
          phase = keepAlive ? Phase.HEAD : Phase.CLOSING;
        }
        case INPUT_ENDED -> endOfInput();
        case UNWANTED -> {
          count(HttpCounter.RESPONSES);
          endExchange();
          phase = Phase.CLOSING;
        }
      }
    } catch (BadMessageException e) {
      badBody(e);
    } catch (RuntimeException e) {
      fail(e);
    }
    return true;
  }

  private void endExchange() {
    ExchangeWork ended = work;
    work = null;
    if (ended != null && ended.end()) {
      server.giveWork(ended);
    }
  }

  // ---- when things go wrong ----------------------------------------------------------------

  private void badBody(BadMessageException e) {
    if (!work.responseBegun()) {
      refuse(e);
    } else if (work.responseDone()) {
      count(HttpCounter.REFUSED);
      endExchange();
      phase = Phase.CLOSING;
    } else {
      count(HttpCounter.REFUSED);
      abort();
    }
  }

  private void refuse(BadMessageException e) {
    count(HttpCounter.REFUSED);
    answerAndClose(e.status(), e.getMessage());
  }

  private void fail(RuntimeException e) {
    count(HttpCounter.HANDLER_FAILURES);
    LOG.error("the handler of {} failed", work.request(), e);
    if (!work.responseBegun()) {
      answerAndClose(500, "the server failed; its log says how");
    } else {
      abort();
    }
  }

  /** A response of the server's own, to a request that may not even have been read. */
  private void answerAndClose(int status, String explanation) {
    HttpResponse response =
        HttpResponse.text(
            status, status + " " + HttpStatus.reason(status) + ": " + explanation + "\n");
    boolean headOnly = work != null && work.head().method() == HttpMethod.HEAD;
    endExchange();
    ResponseSender own = new ResponseSender();
    own.begin(response, false, headOnly, false);
    while (!own.isDone()) {
      own.advance(output, server.dateLine());
    }
    phase = Phase.CLOSING;
  }

  private void abort() {
    output.discard();
    release();
    socket.abort();
  }

  private void release() {
    phase = Phase.CLOSED;
    watchdog.stop();
    endExchange();
    input.clear();
    parser = null;
    server.forget(this);
  }

  // ---- the end -----------------------------------------------------------------------------

  /** Our direction ends behind everything written; theirs is still read (RFC 9112 §9.6). */
  private boolean sendFin() {
    if (!output.flush()) {
      return false;
    }
    socket.shutdownOutput();
    discarded = 0;
    phase = Phase.LINGER;
    return true;
  }

  private boolean linger() {
    long count = input.discard(socket, limits.lingerBytes() - discarded + 1);
    if (count > 0) {
      discarded += count;
      count(HttpCounter.DISCARDED_BYTES, count);
      if (discarded > limits.lingerBytes()) {
        count(HttpCounter.LINGERS_CUT);
        closeNow();
      }
    }
    return false;
  }

  private void closeNow() {
    release();
    socket.close();
  }

  // ---- time --------------------------------------------------------------------------------

  private void watch() {
    Watchdog.Kind kind = awaited();
    if (kind == Watchdog.Kind.NONE) {
      if (watchdog.kind() != Watchdog.Kind.NONE) {
        watchdog.stop();
      }
    } else if (!watchdog.isOn(kind, requests)) {
      watchdog.watch(kind, requests, patience(kind), mark(kind));
    }
  }

  private Watchdog.Kind awaited() {
    if (phase != Phase.CLOSED && output.isBlocked()) {
      return Watchdog.Kind.WRITE;
    }
    return switch (phase) {
      case HEAD -> requests == 0 || hasBegunHead() ? Watchdog.Kind.HEAD : Watchdog.Kind.IDLE;
      case EXCHANGE -> work.wantsBody() ? Watchdog.Kind.BODY : Watchdog.Kind.NONE;
      case LINGER -> Watchdog.Kind.LINGER;
      case CLOSING, CLOSED -> Watchdog.Kind.NONE;
    };
  }

  private Duration patience(Watchdog.Kind kind) {
    return switch (kind) {
      case IDLE -> limits.idleTimeout();
      case HEAD -> limits.headTimeout();
      case BODY -> limits.bodyTimeout();
      case WRITE -> limits.writeTimeout();
      case LINGER, NONE -> limits.lingerTime();
    };
  }

  private long mark(Watchdog.Kind kind) {
    return switch (kind) {
      case BODY -> work.bodyReceived();
      case WRITE, LINGER -> acknowledged(socket.info());
      case IDLE, HEAD, NONE -> 0;
    };
  }

  private long acknowledged(TcpInfo info) {
    return output.accepted() - info.unsentBytes() - info.unackedBytes();
  }

  /** The alarm rang; a wait that has made progress is begun again at the end of the turn. */
  private void overdue() {
    Watchdog.Kind kind = watchdog.kind();
    long mark = watchdog.mark();
    watchdog.stop();
    switch (kind) {
      case IDLE -> {
        count(HttpCounter.IDLE_TIMEOUTS);
        phase = Phase.CLOSING;
      }
      case HEAD -> headOverdue();
      case BODY -> {
        if (work != null && work.bodyReceived() - mark < HttpLimits.MIN_BODY_BYTES) {
          count(HttpCounter.BODY_TIMEOUTS);
          badBody(new BadMessageException(408, "the body came too slowly"));
        }
      }
      case WRITE -> {
        if (acknowledged(socket.info()) <= mark) {
          count(HttpCounter.WRITE_TIMEOUTS);
          abort();
        }
      }
      case LINGER -> lingerOverdue(mark);
      case NONE -> {
        // Stopped in the same moment.
      }
    }
  }

  private void headOverdue() {
    count(HttpCounter.HEAD_TIMEOUTS);
    if (hasBegunHead()) {
      answerAndClose(408, "the request's head took too long");
    } else {
      phase = Phase.CLOSING;
    }
  }

  /** A response that is still on its way is waited for as long as it moves. */
  private void lingerOverdue(long mark) {
    TcpInfo info = socket.info();
    if (info.unsentBytes() + info.unackedBytes() == 0) {
      closeNow();
    } else if (acknowledged(info) <= mark) {
      count(HttpCounter.WRITE_TIMEOUTS);
      abort();
    }
  }

  private void count(HttpCounter counter) {
    server.counters().increment(counter);
  }

  private void count(HttpCounter counter, long amount) {
    server.counters().add(counter, amount);
  }
}
