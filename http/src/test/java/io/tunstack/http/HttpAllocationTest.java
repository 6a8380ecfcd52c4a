package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a request leaves for the collector: what its handler was given and has made, no more. */
class HttpAllocationTest {
  private static final int REQUESTS = 20_000;

  /**
   * An exchange, a request, a response and its text are about 130 bytes; the test's own socket
   * takes 70. Were the head parsed into objects of its own, it would be above a thousand.
   */
  private static final long MOST_BYTES = 300;

  @Test
  void shouldAllocateNextToNothing_whenAConnectionGoesOnAndOn() {
    byte[] request =
        "GET /hello HTTP/1.1\r\nHost: 10.77.0.2\r\nUser-Agent: t\r\nAccept: */*\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    FakeSocket socket = new ServerHarness().connect();
    deliver(socket, request, REQUESTS);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();

    long before = threads.getThreadAllocatedBytes(thread);
    deliver(socket, request, REQUESTS);
    long each = (threads.getThreadAllocatedBytes(thread) - before) / REQUESTS;

    assertTrue(each <= MOST_BYTES, each + " bytes a request");
  }

  private static void deliver(FakeSocket socket, byte[] request, int count) {
    for (int i = 0; i < count; i++) {
      socket.deliver(request);
      socket.forgetOutput();
    }
  }
}
