package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** What a segment prints is what is read again; and no text does worse than be refused. */
class ScriptParserProperties {
  private static final List<String> SCRAPS =
      List.of(
          "+0",
          "0.1",
          "*",
          "...",
          "~",
          "<",
          ">",
          " S. ",
          "1:1(0)",
          "0:0(0)",
          "ack 1",
          "win 9",
          "<mss 1>",
          "<sack 1:2>",
          "icmp unreachable",
          "[1:1(0)]",
          "[ce]",
          "f(",
          ")",
          "= 0",
          "= -1 EPIPE",
          "{a=1}",
          "`",
          "%{",
          "}%",
          "\"",
          "\n",
          "#",
          "/*",
          "|",
          "-",
          "0x",
          "--");

  @Provide
  Arbitrary<SegmentLine> segments() {
    Arbitrary<List<String>> options =
        Arbitraries.of(
                "mss 1460",
                "nop",
                "eol",
                "sackOK",
                "wscale 14",
                "TS val 4294967295 ecr 0",
                "sack 1:2 4294967290:5")
            .list()
            .ofMaxSize(6);
    Arbitrary<Integer> numbers =
        Arbitraries.integers().edgeCases(e -> e.add(-1, Integer.MIN_VALUE));
    return Combinators.combine(
            Arbitraries.integers().between(-1, 3),
            Arbitraries.integers().between(0, 255),
            numbers,
            Arbitraries.integers().between(0, 65_535),
            numbers,
            Arbitraries.integers().between(-1, 65_535),
            Arbitraries.integers().between(0, 65_535),
            options.injectNull(0.1))
        .as(SegmentLine::new);
  }

  @Property
  void shouldReadWhatItPrints(@ForAll("segments") SegmentLine segment) {
    boolean acknowledges = (segment.flags() & 0x10) != 0;
    SegmentLine expected =
        acknowledges
            ? segment
            : new SegmentLine(
                segment.congestion(),
                segment.flags(),
                segment.seq(),
                segment.length(),
                0,
                segment.window(),
                segment.urgent(),
                segment.options());
    assertEquals(expected, SegmentLine.parse(new Cursor(segment.toString())));
    boolean wraps = segment.seq() < 0 && segment.seq() + segment.length() >= 0;
    Statistics.label("wraps").collect(wraps).coverage(c -> c.check(true).percentage(p -> p > 0.5));
  }

  @Property
  void shouldReadATime(
      @ForAll @IntRange(max = 900_000_000) int micros, @ForAll @IntRange(max = 900) int more) {
    String text = String.format(Locale.ROOT, "+%d.%06d", micros / 1_000_000, micros % 1_000_000);
    String end = String.format(Locale.ROOT, "~+%d", micros / 1_000_000 + 1 + more);
    When when = When.parse(new Cursor(text + end));
    long last = (micros / 1_000_000 + 1 + more) * 1_000_000L;
    assertEquals(new When(true, false, micros, last, -1), when);
  }

  @Property
  void shouldReadOrRefuse_whateverTheTextIs(@ForAll("texts") String text) {
    String outcome = "read";
    try {
      ScriptParser.parse("x", text);
    } catch (ScriptError e) {
      outcome = "refused";
    }
    Statistics.collect(outcome);
    Statistics.coverage(c -> c.check("refused").percentage(p -> p > 20));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(SCRAPS).list().ofMaxSize(20).map(parts -> String.join(" ", parts));
  }
}
