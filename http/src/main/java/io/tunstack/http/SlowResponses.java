package io.tunstack.http;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes responses that take long on a thread of their own, and gives them on the engine's.
 *
 * <pre>
 *   engine thread    handle: snapshot ------+                +------&gt; exchange.respond
 *                                           v                |
 *   worker                            Supplier&lt;HttpResponse&gt;
 * </pre>
 *
 * <p>While the engine thread computes, no packet is read and no acknowledgment sent, on any
 * connection; a peer that waits for a fifth of a second retransmits. What runs a library for the
 * first time takes that long on a slow machine, however little it does afterwards.
 */
public final class SlowResponses {
  private static final Logger LOG = LoggerFactory.getLogger(SlowResponses.class);

  private final Executor workers;
  private final Executor engine;

  private SlowResponses(Executor workers, Executor engine) {
    this.workers = workers;
    this.engine = engine;
  }

  /**
   * Says which threads there are.
   *
   * @param workers runs what is slow; it may refuse by {@link RejectedExecutionException}
   * @param engine runs commands on the engine thread, and may be called by the workers
   * @return for the handlers of one engine
   */
  public static SlowResponses of(Executor workers, Executor engine) {
    return new SlowResponses(workers, engine);
  }

  /**
   * Answers an exchange with what a worker makes; with a 503 if no worker takes it. What the
   * supplier throws is {@link HttpExchange#fail a failure of the handler}. Engine thread only.
   *
   * @param exchange gets the response, on the engine thread
   * @param response makes it, on a worker: it has to have all it needs, and must not touch the
   *     exchange
   */
  public void respond(HttpExchange exchange, Supplier<HttpResponse> response) {
    try {
      workers.execute(() -> work(exchange, response));
    } catch (RejectedExecutionException e) {
      LOG.debug("no worker for {}", exchange.request(), e);
      exchange.respond(
          HttpResponse.text(503, "The server has too much of this to do. Try again.\n"));
    }
  }

  private void work(HttpExchange exchange, Supplier<HttpResponse> slow) {
    HttpResponse response;
    try {
      response = slow.get();
    } catch (RuntimeException e) {
      engine.execute(() -> exchange.fail(e));
      return;
    } catch (StackOverflowError | AssertionError | LinkageError e) {
      engine.execute(() -> exchange.fail(new IllegalStateException("a worker failed", e)));
      return;
    }
    engine.execute(() -> exchange.respond(response));
  }
}
