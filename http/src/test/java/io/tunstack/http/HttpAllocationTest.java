package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a request leaves for the collector: nothing, or what its handler was given and has made. */
class HttpAllocationTest {
  private static final int REQUESTS = 20_000;

  /** What the test's own socket takes, and a little. */
  private static final long FAKE_SOCKET_BYTES = 90;

  /**
   * An exchange, a request, a response and its text. Were the head parsed into objects of its own,
   * it would be above a thousand.
   */
  private static final long HANDLER_BYTES = 200;

  @Test
  void shouldAllocateNothing_whenTheHandlerMakesNothingButText() {
    long each = bytesOfARequest(HttpHandler.text(200, () -> "hello\n"));

    assertTrue(each <= FAKE_SOCKET_BYTES, each + " bytes a request");
  }

  @Test
  void shouldAllocateNextToNothing_whenTheHandlerMakesAResponse() {
    long each = bytesOfARequest(HttpHandler.of(request -> HttpResponse.text(200, "hello\n")));

    assertTrue(each <= FAKE_SOCKET_BYTES + HANDLER_BYTES, each + " bytes a request");
  }

  private static long bytesOfARequest(HttpHandler handler) {
    byte[] request =
        "GET /hello HTTP/1.1\r\nHost: 10.77.0.2\r\nUser-Agent: t\r\nAccept: */*\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    FakeSocket socket =
        new ServerHarness(HttpRouter.builder().get("/hello", handler).build()).connect();
    deliver(socket, request, REQUESTS);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();

    long before = threads.getThreadAllocatedBytes(thread);
    deliver(socket, request, REQUESTS);
    return (threads.getThreadAllocatedBytes(thread) - before) / REQUESTS;
  }

  private static void deliver(FakeSocket socket, byte[] request, int count) {
    for (int i = 0; i < count; i++) {
      socket.deliver(request);
      socket.forgetOutput();
    }
  }
}
