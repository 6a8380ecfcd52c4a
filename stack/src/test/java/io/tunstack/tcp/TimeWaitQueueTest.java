package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.time.TimerWheel;
import io.tunstack.time.VirtualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TIME-WAIT entries in the order in which they expire. */
class TimeWaitQueueTest {
  private final Stack stack =
      Stack.builder(InMemoryLink.pair(1500).left(), new VirtualClock())
          .address("10.77.0.2/24")
          .build();
  private final TimeWaitQueue queue = new TimeWaitQueue(60);

  @AfterEach
  void close() {
    stack.close();
  }

  private TimeWaitEntry entry(int port) {
    return new TimeWaitEntry(
        new TcpConnection(stack.tcp(), null, stack.tcp().defaultOptions(), 1, 80, 2, port), 0);
  }

  @Test
  void shouldExpireInOrder() {
    assertEquals(TimerWheel.NEVER, queue.nextDeadline());
    TimeWaitEntry first = entry(1);
    TimeWaitEntry second = entry(2);
    queue.add(first, 100);
    queue.add(second, 130);
    assertSame(first, queue.oldest());
    assertEquals(160, queue.nextDeadline());
    queue.remove(first);
    assertEquals(190, queue.nextDeadline());
    queue.remove(second);
    assertNull(queue.oldest());
    assertEquals(0, queue.size());
  }

  @Test
  void shouldGoToTheEnd_whenRestarted() {
    TimeWaitEntry[] entries = {entry(1), entry(2), entry(3)};
    for (TimeWaitEntry each : entries) {
      queue.add(each, 0);
    }
    queue.restart(entries[0], 10);
    assertSame(entries[1], queue.oldest());
    queue.remove(entries[2]);
    queue.remove(entries[1]);
    assertSame(entries[0], queue.oldest());
    assertEquals(70, queue.nextDeadline());
    assertEquals(1, queue.size());
  }
}
