package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final int THREADS = 3;
  private static final int ROUNDS = 200;

  private final AtomicInteger ends = new AtomicInteger();

  @Test
  void shouldEndWithTheLastCall_whenRefusedInBetween() {
    InFlight calls = new InFlight(ends::incrementAndGet);
    assertTrue(calls.enter());
    assertTrue(calls.enter());
    calls.refuse();
    assertFalse(calls.enter());

    calls.exit();
    assertEquals(0, ends.get());
    calls.exit();
    assertEquals(1, ends.get());
    assertFalse(calls.enter());
  }

  @Test
  void shouldEndOnce_whenRefusedTwice() {
    InFlight calls = new InFlight(ends::incrementAndGet);
    assertTrue(calls.enter());
    calls.refuse();
    calls.refuse();
    calls.exit();

    assertEquals(1, ends.get());
  }

  @Test
  void shouldNotEnd_whenNobodyRefused() {
    InFlight calls = new InFlight(ends::incrementAndGet);
    assertTrue(calls.enter());
    calls.exit();

    assertEquals(0, ends.get());
    assertTrue(calls.enter());
  }

  @Test
  void shouldNeverEndUnderACall_whenThreadsRace() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        race(threads, round);
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(ROUNDS, ends.get());
  }

  private void race(ExecutorService threads, int round) throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger insideAtEnd = new AtomicInteger();
    InFlight calls =
        new InFlight(
            () -> {
              insideAtEnd.set(inside.get());
              ends.incrementAndGet();
            });
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> results = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      boolean refuses = thread == round % THREADS;
      results.add(
          threads.submit(
              () -> {
                start.await();
                for (int call = 0; calls.enter(); call++) {
                  inside.incrementAndGet();
                  if (refuses && call == 10) {
                    calls.refuse();
                  }
                  inside.decrementAndGet();
                  calls.exit();
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> result : results) {
      result.get();
    }
    assertEquals(0, insideAtEnd.get());
  }
}
