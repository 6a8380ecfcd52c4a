package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The daemon and the tools that attackers use. */
@RequiresRoot
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class FloodIT {
  private static final String HPING =
      "hping3 --syn --rand-source --destport 80 --quiet " + DaemonProcess.ADDRESS;

  /** Far more than the half-open connections that there may be. */
  private static final int MANY = 10_000;

  /** What nmap calls "good luck" begins at 32; its scale has no end, but few get above 260. */
  private static final int GOOD_LUCK = 250;

  private static final Pattern DIFFICULTY =
      Pattern.compile("TCP Sequence Prediction: Difficulty=(\\d+)");

  private static DaemonProcess daemon;

  @BeforeAll
  static void start() {
    daemon = DaemonProcess.up();
  }

  @AfterAll
  static void stop() {
    assertEquals("", daemon.errors());
    daemon.close();
  }

  private static JsonNode counters() {
    try {
      return new JsonMapper().readTree(Curl.get("SITE/status")).get("counters");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Floods it with what the shell's line sends, and asks for something all the while. */
  private static void expectAnswersWhile(String line) {
    long before = counters().get("TcpExtSyncookiesSent").asLong();
    CompletableFuture<Run.Result> flood =
        CompletableFuture.supplyAsync(
            () -> Run.shell(line).run(), task -> new Thread(task, "flood").start());
    int answers = 0;
    while (!flood.isDone()) {
      assertEquals("hello\n", Curl.get("SITE/hello"));
      answers++;
    }
    assertEquals("hello\n", Curl.get("SITE/hello"));
    long cookies = counters().get("TcpExtSyncookiesSent").asLong() - before;
    assertTrue(cookies >= MANY, () -> cookies + " cookies\n" + flood.join());
    assertTrue(answers > 1, () -> "the flood was too short for this test\n" + flood.join());
  }

  @Test
  @Tag("SEC-005")
  void shouldAnswerTheHonest_whileSynsComeFromEverywhere() {
    expectAnswersWhile(HPING + " --interval u10 --count 150000");
  }

  @Test
  @Tag("SEC-005")
  void shouldAnswerTheHonest_whileSynsComeAsFastAsTheyCan() {
    expectAnswersWhile("timeout --signal=INT 3 " + HPING + " --flood");
  }

  @Test
  @Tag("TCP-091")
  void shouldBeHardToPredict() {
    int best = 0;
    for (int i = 0; i < 3 && best < GOOD_LUCK; i++) {
      String said =
          Run.shell("nmap -O -v -n -Pn -p 80,81 --max-os-tries 1 " + DaemonProcess.ADDRESS)
              .ok()
              .out();
      Matcher difficulty = DIFFICULTY.matcher(said);
      assertTrue(difficulty.find(), said);
      best = Math.max(best, Integer.parseInt(difficulty.group(1)));
    }
    assertTrue(best >= GOOD_LUCK, "difficulty " + best);
  }
}
