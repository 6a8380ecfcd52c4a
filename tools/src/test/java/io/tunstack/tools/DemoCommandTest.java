package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo prints the same every time, so all of it is compared. */
final class DemoCommandTest {
  private static final Pattern ARROW =
      Pattern.compile("(\\S+) +Seq=(\\d+) +Ack=(\\d+|-) +Len=(\\d+)");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String flags) {
    String[] args = ("demo " + flags).strip().split(" +", -1);
    return Tunstack.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = DemoCommandTest.class.getResourceAsStream("/demo/" + name + ".txt")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** Flags, Seq/Ack and length of every arrow. */
  private List<String> arrows() {
    return ARROW.matcher(out.toString()).results().map(DemoCommandTest::arrow).toList();
  }

  private static String arrow(MatchResult found) {
    return found.group(1) + " " + found.group(2) + "/" + found.group(3) + " " + found.group(4);
  }

  @ParameterizedTest
  @CsvSource({
    "'', client",
    "--three, client",
    "--late, client-late",
    "--close server, server",
    "--close server --late, server-late",
    "--close both, both",
  })
  void shouldPrintWhatIsWrittenDown(String flags, String name) throws IOException {
    assertEquals(0, run(flags), err::toString);
    assertEquals(golden(name), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void shouldTearDownInThreeSegments_whenTheServerClosesAtOnce() {
    run("");

    List<String> arrows = arrows();
    assertEquals(List.of("SYN 0/- 0", "SYN,ACK 0/1 0", "ACK 1/1 0"), arrows.subList(0, 3));
    assertEquals(
        List.of("PSH,ACK 1/1 79", "PSH,ACK 1/80 649", "ACK 80/650 0"), arrows.subList(3, 6));
    assertEquals(
        List.of("FIN,ACK 80/650 0", "FIN,ACK 650/81 0", "ACK 81/651 0"),
        arrows.subList(6, arrows.size()));
  }

  @Test
  void shouldTearDownInFourSegments_whenTheServerClosesLater() {
    run("--late");

    List<String> arrows = arrows();
    assertEquals(
        List.of("FIN,ACK 80/650 0", "ACK 650/81 0", "FIN,ACK 650/81 0", "ACK 81/651 0"),
        arrows.subList(6, arrows.size()));
  }

  @Test
  void shouldPassThroughClosing_whenBothCloseAtOnce() {
    run("--close both");

    assertTrue(out.toString().contains("CLOSING"), out::toString);
    List<String> arrows = arrows();
    assertEquals(
        List.of("FIN,ACK 80/650 0", "FIN,ACK 650/80 0", "ACK 81/651 0", "ACK 651/81 0"),
        arrows.subList(6, arrows.size()));
  }

  @Test
  void shouldCountFromTwoUnforeseeableNumbers_whenAbsolute() {
    run("");
    List<MatchResult> relative = ARROW.matcher(out.toString()).results().toList();
    out.getBuffer().setLength(0);
    run("--absolute");
    List<MatchResult> absolute = ARROW.matcher(out.toString()).results().toList();

    long client = number(absolute.get(0), 2);
    long server = number(absolute.get(1), 2);
    assertTrue(client != server && client > 1_000 && server > 1_000, out::toString);
    assertEquals(relative.size(), absolute.size());
    assertEquals("-", absolute.get(0).group(3));
    for (int i = 1; i < relative.size(); i++) {
      long seqBase = (number(absolute.get(i), 2) - number(relative.get(i), 2)) & 0xffff_ffffL;
      long ackBase = (number(absolute.get(i), 3) - number(relative.get(i), 3)) & 0xffff_ffffL;
      assertEquals(Set.of(client, server), Set.of(seqBase, ackBase), out::toString);
    }
  }

  private static long number(MatchResult found, int group) {
    return Long.parseLong(found.group(group));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--close nobody", "--three --late", "--close both --late", "extra", "--clos"})
  void shouldEndWithTwoAndSayWhatToType_whenTheFlagsMakeNoSense(String flags) {
    assertEquals(ExitCode.USAGE, run(flags));
    assertTrue(err.toString().startsWith("tunstack: "), err::toString);
    assertTrue(err.toString().contains("tunstack demo --help"), err::toString);
    assertEquals("", out.toString());
  }
}
