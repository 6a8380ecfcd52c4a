package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.QueueDiscipline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExperimentCommandTest {
  private static final int GOODPUT = 12;
  private static final int COMPLETION = 16;
  private static final int RETRANSMITS = 18;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String flags) {
    return Tunstack.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(("experiment " + flags).split(" +", -1));
  }

  private List<List<String>> rows() {
    return out.toString().lines().skip(1).map(line -> List.of(line.split(",", -1))).toList();
  }

  @Test
  void shouldPlayEveryCombination_theSameEveryTime() {
    String flags = "--rate 5mbit,10mbit --delay 5ms --loss 0%,1% --seed 1-2 --time 500ms";
    assertEquals(0, run(flags), err::toString);
    String first = out.toString();
    assertEquals(8, rows().size());
    assertEquals(22, rows().get(0).size() - 1);
    assertEquals(
        Scenario.CSV_HEADER + "," + Outcome.CSV_HEADER, first.lines().findFirst().orElseThrow());
    out.getBuffer().setLength(0);
    assertEquals(0, run(flags), err::toString);
    assertEquals(first, out.toString());
  }

  @Test
  void shouldFillThePath_whenNothingIsLost() {
    assertEquals(0, run("--rate 10mbit --delay 5ms --buffer 500 --time 4s"), err::toString);
    double goodput = Double.parseDouble(rows().get(0).get(GOODPUT));
    // Headers take 52 of 1500 bytes, the beginning a few round trips.
    assertTrue(goodput > 9.3e6 && goodput < 9.66e6, "goodput " + goodput);
    assertEquals("0", rows().get(0).get(RETRANSMITS));
  }

  @ParameterizedTest
  @CsvSource({
    "cubic,20mbit,25ms",
    "newreno,20mbit,25ms",
    "cubic,100mbit,10ms",
    "newreno,100mbit,10ms"
  })
  void shouldLoseATenthAtMost_whenPacketsOvertakeOthers(String cc, String rate, String delay) {
    String path = "--cc " + cc + " --rate " + rate + " --delay " + delay + " --time 10s --seed 3";
    assertEquals(0, run(path + " --reorder 0%,2%"), err::toString);
    double undisturbed = Double.parseDouble(rows().get(0).get(GOODPUT));
    double reordered = Double.parseDouble(rows().get(1).get(GOODPUT));
    assertTrue(reordered > 0.9 * undisturbed, reordered + " instead of " + undisturbed);
  }

  @Test
  void shouldBeUnevenByThePacketAtTheBottleneck_whereFlowsShareThePath() {
    assertEquals(Duration.ZERO, scenario(50_000_000, 1).unevenness());
    assertEquals(Duration.ofNanos(240_000), scenario(50_000_000, 2).unevenness());
    assertEquals(Duration.ofMillis(2), scenario(1_000_000, 2).unevenness());
  }

  private static Scenario scenario(long rate, int flows) {
    return new Scenario(
        "cubic",
        1,
        rate,
        Duration.ofMillis(20),
        Duration.ZERO,
        0,
        0,
        1,
        QueueDiscipline.TAIL_DROP,
        flows,
        0,
        Duration.ofSeconds(1));
  }

  @Test
  void shouldTellWhenATransferIsComplete() {
    assertEquals(0, run("--rate 8mbit --delay 10ms --bytes 1MB --buffer 50"), err::toString);
    double seconds = Double.parseDouble(rows().get(0).get(COMPLETION));
    assertTrue(seconds > 1.03 && seconds < 1.3, "seconds " + seconds);
  }

  @Test
  void shouldDrawWhatHappened(@TempDir Path folder) throws Exception {
    assertEquals(
        0, run("--rate 5mbit --delay 5ms --loss 1% --time 1s --plot " + folder), err::toString);
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    assertEquals(3, files.size(), files::toString);
    for (Path file : files) {
      if (file.toString().endsWith(".svg")) {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
      }
    }
    assertTrue(Files.readString(files.get(0)).contains("sent again"));
    assertTrue(Files.readString(files.get(2)).contains("smoothed round-trip time"));
    assertTrue(samples(files.get(1)) > Series.SAMPLES / 2);
  }

  private static long samples(Path csv) throws IOException {
    try (Stream<String> lines = Files.lines(csv)) {
      return lines.count();
    }
  }

  @Test
  void shouldSumUp_whenAskedTo() {
    assertEquals(
        0, run("--flows 2 --rate 5mbit --delay 5ms --time 1s --seed 1-3 --summary"), err::toString);
    assertTrue(out.toString().startsWith("runs 3\n"), out::toString);
    assertTrue(out.toString().contains("\ntimeouts "), out::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "--rate 20, '--rate: ''20'' does not do; type a rate such as 20mbit'",
    "--rate 0bit, '--rate: nothing passes at ''0bit'''",
    "--buffer 0, '--buffer: ''0'' does not do; type a number above 0'",
    "--flows 0, '--flows: ''0'' does not do; type 1 to 1000'",
    "--seed 1.., '--seed: ''1..'' does not do; type numbers or ranges'",
    "--cc vegas, --cc: there is no congestion control 'vegas'",
    "--aqm fq, '--aqm: ''fq'' does not do; type none, codel or red'",
  })
  void shouldSayWhatToType_whenAFlagWillNotDo(String flags, String message) {
    assertEquals(2, run(flags));
    assertTrue(err.toString().contains(message), err::toString);
  }

  @Test
  void shouldReadRanges() {
    assertEquals(List.of(1L, 3L, 5L, 6L, 7L), ExperimentCommand.numbers("1,3,5-7"));
  }

  @Test
  void shouldMeasureFairness() {
    Outcome even = new Outcome(List.of(5e6, 5e6), -1, 100, 10, 0, 0, 0);
    Outcome greedy = new Outcome(List.of(1e7, 0.0), -1, 0, 0, 0, 0, 0);
    assertEquals(1, even.jain(), 1e-9);
    assertEquals(0.5, greedy.jain(), 1e-9);
    assertEquals(0.1, even.retransmitRatio(), 1e-9);
    assertEquals(0, greedy.retransmitRatio());
    assertEquals(1e7, greedy.goodput());
    assertEquals(0, greedy.slowest());
    assertEquals(1e7, greedy.fastest());
  }

  @Test
  void shouldHaveAQueueInPartsOfThePath() {
    Duration delay = Duration.ofMillis(25);
    Scenario scenario =
        new Scenario(
            "newreno",
            7,
            20_000_000,
            delay,
            Duration.ZERO,
            0.01,
            0.02,
            0.5,
            QueueDiscipline.CODEL,
            3,
            0,
            Duration.ofSeconds(1));
    assertEquals(
        Bottleneck.tailDrop(20_000_000, 62_500).with(QueueDiscipline.CODEL, false),
        scenario.there().bottleneck());
    assertEquals(delay, scenario.back().impairment().delay());
    assertEquals(
        "newreno, 20 Mbit/s, 50 ms round trip, buffer 0.5 BDP, loss 1 %, reordered 2 %, 3 flows,"
            + " seed 7",
        scenario.title());
    assertTrue(scenario.csv().startsWith("newreno,7,20000000,25,0,0.01,0.02,0.5,codel,3,0,1"));
  }
}
