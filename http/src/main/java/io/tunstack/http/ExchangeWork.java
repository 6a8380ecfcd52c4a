package io.tunstack.http;

import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.HttpMethod;
import io.tunstack.http.wire.RequestHead;
import io.tunstack.net.TcpSocket;

/**
 * An exchange in work: the body moves in, the response moves out, both as far as they can. A server
 * uses it for one exchange after another, so that a request leaves no garbage but what its handler
 * was given and has made.
 */
final class ExchangeWork {
  /** What came of a step. */
  enum Outcome {
    /** Nothing moves until an event comes. */
    WAITING,
    /** Something moved; more may. */
    PROGRESS,
    /** The response is staged to its end and the body is out of the way. */
    COMPLETE,
    /** The peer's FIN came before the end of the body. */
    INPUT_ENDED,
    /** The response is complete, and the body nobody wants is too long to read to its end. */
    UNWANTED
  }

  private final HttpServer server;
  private final RequestHead head = new RequestHead();
  private final RequestBody body = new RequestBody();
  private final ResponseSender sender = new ResponseSender();

  /** These four are null between exchanges. */
  private TcpSocket socket;

  private Input input;
  private Output output;
  private ServerExchange exchange;

  /** For handlers that show it to nobody; null until there is one. */
  private ServerExchange unshown;

  /** What the handler says went wrong after it returned; null as long as nothing has. */
  private RuntimeException failure;

  private boolean continueAwaited;
  private boolean consumerPaused;

  /** The body is no longer of interest, and the connection will not be used again. */
  private boolean bodyAbandoned;

  private long discarded;

  ExchangeWork(HttpServer server) {
    this.server = server;
  }

  /** Where the head is parsed to, before {@link #begin}. */
  RequestHead head() {
    return head;
  }

  /**
   * Begins the exchange whose head is there.
   *
   * @param shown whether anybody outside the server may come to hold what this returns
   * @throws BadMessageException if the body is longer than {@code maxBodyBytes}
   */
  ServerExchange begin(
      HttpConnection connection,
      TcpSocket itsSocket,
      Input itsInput,
      Output itsOutput,
      long maxBodyBytes,
      boolean shown)
      throws BadMessageException {
    body.begin(head, server.limits().head(), maxBodyBytes);
    socket = itsSocket;
    input = itsInput;
    output = itsOutput;
    exchange = (shown ? ServerExchange.single() : unshown()).begin(connection, head);
    failure = null;
    continueAwaited = head.expectsContinue();
    consumerPaused = false;
    bodyAbandoned = false;
    discarded = 0;
    return exchange;
  }

  private ServerExchange unshown() {
    if (unshown == null) {
      unshown = ServerExchange.reusable();
    }
    return unshown;
  }

  HttpRequest request() {
    return exchange.request();
  }

  /** Whether it is too late for another response. */
  boolean responseBegun() {
    return sender.hasBegun();
  }

  boolean responseDone() {
    return sender.isDone();
  }

  /** Whether the connection goes on; to be asked once there is a response. */
  boolean keepAlive() {
    return sender.keepAlive();
  }

  long bodyReceived() {
    return body.received();
  }

  /** The consumer may have room again. */
  void resume() {
    consumerPaused = false;
  }

  /** Lets the next step throw this. */
  void failWith(RuntimeException cause) {
    failure = cause;
  }

  /** Ends the exchange; answers whether this can be used for another. */
  boolean end() {
    boolean reusable = exchange.end();
    sender.end();
    socket = null;
    input = null;
    output = null;
    exchange = null;
    return reusable;
  }

  /**
   * Does one step in either direction.
   *
   * @throws BadMessageException if the body is malformed or too long
   * @throws RuntimeException what the handler's consumer or producer throws, or the handler itself
   *     after it returned
   */
  Outcome advance() throws BadMessageException {
    if (failure != null) {
      throw failure;
    }
    boolean progress = false;
    if (continueAwaited && exchange.consumer() != null) {
      continueAwaited = false;
      ResponseSender.stageContinue(output.stage());
    }
    if (!sender.isOn() && exchange.response() != null) {
      prepareResponse();
      progress = true;
    }
    Outcome fed = feedBody();
    if (fed == Outcome.INPUT_ENDED || fed == Outcome.UNWANTED) {
      return fed;
    }
    progress |= fed == Outcome.PROGRESS;
    if (sender.isOn()) {
      progress |= sender.advance(output, server.dateLine());
    } else {
      progress |= exchange.response() != null;
    }
    if (responseDone() && (body.isDone() || bodyAbandoned)) {
      return Outcome.COMPLETE;
    }
    return progress ? Outcome.PROGRESS : Outcome.WAITING;
  }

  private void prepareResponse() {
    // Whether a client that was not told to continue sends its body nobody can know; and a long
    // body that nobody wants is not worth reading (RFC 9110 §10.1.1, RFC 9112 §9.3).
    bodyAbandoned =
        !body.isDone()
            && exchange.consumer() == null
            && (continueAwaited || body.remaining() > server.limits().discardBytes());
    boolean mayKeepAlive = head.keepAlive() && !bodyAbandoned && !server.isClosed();
    boolean headOnly = head.method() == HttpMethod.HEAD;
    sender.begin(exchange.response(), head.isHttp10(), headOnly, mayKeepAlive);
  }

  /** Moves the body on, to its consumer or, when nobody wants it any more, nowhere. */
  private Outcome feedBody() throws BadMessageException {
    if (body.isDone()) {
      return exchange.bodyComplete() ? Outcome.PROGRESS : Outcome.WAITING;
    }
    if (!wantsBody()) {
      return Outcome.WAITING;
    }
    int before = input.available();
    boolean discarding = isDiscarding();
    if (before == 0 && !discarding && body.isPlain()) {
      int count = body.take(socket, exchange.consumer());
      consumerPaused = body.refusedByConsumer();
      if (count < 0) {
        return Outcome.INPUT_ENDED;
      }
      return count > 0 ? Outcome.PROGRESS : Outcome.WAITING;
    }
    boolean moved = body.feed(input, discarding ? null : exchange.consumer());
    consumerPaused = body.refusedByConsumer();
    if (!moved && !consumerPaused) {
      int count = input.fill(socket, body.readSize(Integer.MAX_VALUE));
      if (count < 0) {
        return Outcome.INPUT_ENDED;
      }
      return count > 0 ? Outcome.PROGRESS : Outcome.WAITING;
    }
    if (discarding) {
      discarded += before - input.available();
      server.counters().add(HttpCounter.DISCARDED_BYTES, before - input.available());
      if (discarded > server.limits().discardBytes()) {
        return Outcome.UNWANTED;
      }
    }
    return moved ? Outcome.PROGRESS : Outcome.WAITING;
  }

  /** Nobody asked for the body, or the response is complete without it. */
  private boolean isDiscarding() {
    return exchange.consumer() == null || responseDone();
  }

  /** Whether bytes of the body would have somewhere to go now. */
  boolean wantsBody() {
    if (body.isDone() || bodyAbandoned) {
      return false;
    }
    return isDiscarding() ? responseDone() : !consumerPaused;
  }
}
