package io.tunstack.requirement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether {@code CONFORMANCE.md} says what the tests say. */
final class ConformanceTest {
  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Path DOCUMENT = Path.of("CONFORMANCE.md");
  private static final Path OPEN = RESOURCES.resolve("requirements-open.txt");

  /** Set to write the two files instead of comparing them. */
  private static final String WRITE = "conformance.write";

  private static final String HOW =
      " is not what the tests say; write it anew and look at the difference: mvn -pl stack test"
          + " -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false -D"
          + WRITE
          + "=true";

  /** Modules whose tests prove requirements too, with {@code @Tag}. */
  private static final List<String> OTHERS = List.of("native", "http", "tools");

  private static Conformance conformance;

  @BeforeAll
  static void readAll() throws IOException {
    Proofs proofs = new Proofs().scan(TESTS, "");
    for (String module : OTHERS) {
      proofs.scan(Path.of("..", module).resolve(TESTS), module + ": ");
    }
    conformance =
        new Conformance(
            Row.parse(Files.readAllLines(RESOURCES.resolve("requirements.tsv"))),
            proofs,
            Conformance.reasons(Files.readAllLines(RESOURCES.resolve("requirement-reasons.tsv"))));
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, conformance.document());
      Files.writeString(OPEN, openLines());
    }
  }

  private static String openLines() {
    return conformance.open().isEmpty() ? "" : String.join("\n", conformance.open()) + "\n";
  }

  @Test
  void shouldNameOnlyRequirementsThatThereAre() {
    assertEquals(List.of(), conformance.faults());
  }

  @Test
  void shouldHaveTheDocumentThatTheTestsSay() throws IOException {
    assertEquals(conformance.document(), Files.readString(DOCUMENT), DOCUMENT + HOW);
  }

  @Test
  void shouldListWhatIsOpen() throws IOException {
    assertEquals(openLines(), Files.readString(OPEN), OPEN + HOW);
  }

  @Test
  void shouldRefuseWhatProvesNothing() throws IOException {
    Row must = new Row("IP-001", "IPv4", "P0", "MUST", "RFC 791", "text");
    Row should = new Row("IP-020", "IPv4", "P2", "SHOULD", "RFC 791", "a|b");
    Proofs proofs =
        SourceText.proofs(
            "@Requirement({\"IP-001\", \"IP-077\"}) @Test void one() {}",
            "@Requirement(value = \"IP-020\") void helper() {}",
            "@Requirement(NAME) @Property void two() {}",
            "@Tag(\"slow\") @Tag(\"IP-001\") @Test void three() {}");
    Conformance judged =
        new Conformance(
            List.of(must, should), proofs, Map.of("IP-001", "x", "IP-020", "y", "IP-078", "z"));
    assertEquals(
        List.of(
            "Some.helper names IP-020 but is no test",
            "Some.two: not an id: NAME",
            "[Some.one] name IP-077, which is no requirement",
            "a reason is given for IP-001, but a MUST knows none",
            "a reason is given for IP-020, which [Some.helper] prove",
            "a reason is given for IP-078, which is no requirement"),
        judged.faults().stream().sorted().toList());
    assertTrue(judged.document().contains("`Some.one`<br>`Some.three`"), judged::document);
    assertTrue(judged.document().contains("MUST: 1 of 1 proved."), judged::document);
    assertTrue(judged.document().contains("a\\|b"), judged::document);
  }

  @Test
  void shouldCallOpen_whenNeitherProvedNorExplained() throws IOException {
    List<Row> rows =
        List.of(
            new Row("TCP-001", "TCP", "P0", "MUST", "s", "t"),
            new Row("TCP-002", "TCP", "P0", "SHOULD", "s", "t"),
            new Row("TCP-003", "TCP", "P0", "SHOULD", "s", "t"),
            new Row("TCP-004", "TCP", "P0", "MAY", "s", "t"),
            new Row("HTTP-001", "HTTP", "P0", "MUST", "s", "t"));
    Conformance judged =
        new Conformance(rows, SourceText.proofs(), Map.of("TCP-003", "not worth it"));
    assertEquals(List.of("TCP-001 MUST", "TCP-002 SHOULD"), judged.open());
    assertTrue(judged.document().contains("not done: not worth it"), judged::document);
    assertTrue(!judged.document().contains("HTTP-001"), judged::document);
  }
}
