package io.tunstack.http;

import io.tunstack.http.wire.RequestHead;
import io.tunstack.tcp.TcpInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handler holds of an exchange; it may outlive the connection, and is harmless then. One
 * that no handler can have kept is used for one exchange after another.
 */
final class ServerExchange implements HttpExchange {
  private static final Logger LOG = LoggerFactory.getLogger(ServerExchange.class);

  /** Null but in one that is used again and again. */
  private final HttpResponse refillable;

  private HttpConnection connection;
  private RequestHead head;

  /** Null as long as nobody asked for it. */
  private HttpRequest request;

  /** Null as long as nobody asked for the body, and when it needs nothing more. */
  private BodyConsumer consumer;

  private boolean bodyAsked;

  /** Null as long as there is none. */
  private HttpResponse response;

  private boolean ended;

  private ServerExchange(HttpResponse refillable) {
    this.refillable = refillable;
  }

  /** Makes one for one exchange, whoever holds it for how long. */
  static ServerExchange single() {
    return new ServerExchange(null);
  }

  /** Makes one that may {@link #begin} again when it has ended. */
  static ServerExchange reusable() {
    return new ServerExchange(HttpResponse.refillable());
  }

  ServerExchange begin(HttpConnection itsConnection, RequestHead itsHead) {
    connection = itsConnection;
    head = itsHead;
    request = null;
    consumer = null;
    bodyAsked = false;
    response = null;
    ended = false;
    return this;
  }

  @Override
  public HttpRequest request() {
    if (request == null) {
      request = new HttpRequest(head);
    }
    return request;
  }

  @Override
  public void readBody(BodyConsumer newConsumer) {
    if (bodyAsked) {
      throw new IllegalStateException("the body of " + request() + " is being read already");
    }
    bodyAsked = true;
    if (ended) {
      newConsumer.onFailure();
      return;
    }
    consumer = newConsumer;
    connection.resume();
  }

  @Override
  public void respond(HttpResponse newResponse) {
    if (response != null) {
      throw new IllegalStateException(request() + " has a response already");
    }
    response = newResponse;
    if (ended) {
      closeProducer();
    } else {
      connection.resume();
    }
  }

  @Override
  public void respond(int status, String text) {
    boolean refilled = refillable != null && response == null && refillable.refill(status, text);
    respond(refilled ? refillable : HttpResponse.text(status, text));
  }

  @Override
  public void fail(RuntimeException cause) {
    if (!ended) {
      connection.failLater(cause);
    }
  }

  @Override
  public void wake() {
    if (!ended) {
      connection.resume();
    }
  }

  @Override
  public TcpInfo tcpInfo() {
    return connection.tcpInfo();
  }

  BodyConsumer consumer() {
    return consumer;
  }

  HttpResponse response() {
    return response;
  }

  /** The body is complete: its consumer hears so, once; answers whether there was one. */
  boolean bodyComplete() {
    BodyConsumer told = consumer;
    consumer = null;
    if (told == null) {
      return false;
    }
    told.onEnd();
    return true;
  }

  /**
   * The last of it: consumer and producer are told, and what they throw is only logged. Answers
   * whether the head is free for another request: somebody may have kept it.
   */
  boolean end() {
    ended = true;
    tellTheEnd();
    boolean free = request == null || request.end() != null;
    head = null;
    if (refillable != null) {
      // Among those that wait to be used again it must not hold on to a connection that has gone.
      connection = null;
    }
    return free;
  }

  private void tellTheEnd() {
    BodyConsumer told = consumer;
    consumer = null;
    if (told != null) {
      try {
        told.onFailure();
      } catch (RuntimeException e) {
        LOG.error("the consumer of {} failed at its end", request(), e);
      }
    }
    if (response != null) {
      closeProducer();
    }
  }

  private void closeProducer() {
    if (response.body() == null) {
      return;
    }
    try {
      response.body().close();
    } catch (RuntimeException e) {
      LOG.error("the producer of {} failed at its end", request(), e);
    }
  }
}
