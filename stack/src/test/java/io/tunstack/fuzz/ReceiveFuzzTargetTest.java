package io.tunstack.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tcp.TcpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the fuzzer has found interesting goes through again, and random inputs with it. */
class ReceiveFuzzTargetTest {
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz", "receive");
  private static final int RANDOM_INPUTS = 1_500;
  private static final int MAX_BYTES = 200;

  @Test
  void shouldHoldItsInvariants_forTheWholeCorpus() throws IOException {
    FuzzStatistics statistics = ReceiveFuzzTarget.restart();
    for (Path file : corpus()) {
      run(Files.readAllBytes(file), file.toString());
    }
    assertTrue(statistics.shareOfSegmentArrives() >= 0.5, statistics::toString);
  }

  private static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.sorted().toList();
    }
  }

  @Test
  void shouldHoldItsInvariants_forRandomInputs() {
    FuzzStatistics statistics = ReceiveFuzzTarget.restart();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      byte[] data = new byte[1 + random.nextInt(MAX_BYTES)];
      random.nextBytes(data);
      run(data, "input " + i);
    }
    assertReach(statistics);
  }

  private static void run(byte[] data, String name) {
    try {
      ReceiveFuzzTarget.fuzzerTestOneInput(data);
    } catch (RuntimeException e) {
      throw new AssertionError(name + ": " + e.getMessage(), e);
    }
  }

  /** Packets that never come to the point would prove nothing. */
  private static void assertReach(FuzzStatistics statistics) {
    assertTrue(statistics.shareOfSegmentArrives() >= 0.5, statistics::toString);
    for (TcpState state : TcpState.values()) {
      if (state != TcpState.CLOSED) {
        assertTrue(statistics.share(state) >= 0.01, () -> state + ": " + statistics);
      }
    }
  }
}
