package io.tunstack.http;

import io.tunstack.tcp.TcpInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a handler holds of an exchange; it may outlive the connection, and is harmless then. */
final class ServerExchange implements HttpExchange {
  private static final Logger LOG = LoggerFactory.getLogger(ServerExchange.class);

  private final HttpConnection connection;
  private final HttpRequest request;

  /** Null as long as nobody asked for the body, and when it needs nothing more. */
  private BodyConsumer consumer;

  private boolean bodyAsked;

  /** Null as long as there is none. */
  private HttpResponse response;

  private boolean ended;

  ServerExchange(HttpConnection connection, HttpRequest request) {
    this.connection = connection;
    this.request = request;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public void readBody(BodyConsumer newConsumer) {
    if (bodyAsked) {
      throw new IllegalStateException("the body of " + request + " is being read already");
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
      throw new IllegalStateException(request + " has a response already");
    }
    response = newResponse;
    if (ended) {
      closeProducer();
    } else {
      connection.resume();
    }
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

  /** The last of it: consumer and producer are told, and what they throw is only logged. */
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    BodyConsumer told = consumer;
    consumer = null;
    if (told != null) {
      try {
        told.onFailure();
      } catch (RuntimeException e) {
        LOG.error("the consumer of {} failed at its end", request, e);
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
      LOG.error("the producer of {} failed at its end", request, e);
    }
  }
}
