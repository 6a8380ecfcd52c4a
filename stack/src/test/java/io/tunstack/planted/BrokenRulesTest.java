package io.tunstack.planted;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whether each rule has its breach; that tests see it is proved nightly. */
final class BrokenRulesTest {
  /** A row of the requirements: its id, area and priority, and that it is a must. */
  private static final Pattern MUST =
      Pattern.compile(
          "((?:IP|FRAG|ICMP|UDP|TCP|SEC|EXT|PMTU|CC)-\\d{3})\t[^\t]*\t[^\t]*\tMUST\t.*");

  @Test
  void shouldBreakEveryRuleOfTheProtocols() throws IOException {
    Set<String> broken = new HashSet<>();
    for (BrokenRule rule : BrokenRule.readAll(BrokenRules.TABLE)) {
      broken.addAll(rule.ids());
    }
    for (String line : Files.readAllLines(Path.of("src/test/resources/requirements.tsv"))) {
      Matcher must = MUST.matcher(line);
      if (must.matches()) {
        assertTrue(broken.contains(must.group(1)), () -> "nothing breaks " + line);
      }
    }
  }

  @Test
  void shouldNameCodeAndTestsThatExist() throws IOException {
    for (BrokenRule rule : BrokenRule.readAll(BrokenRules.TABLE)) {
      assertFalse(rule.edits().isEmpty() || rule.tests().isEmpty(), () -> "nothing of " + rule);
      for (BrokenRule.Edit edit : rule.edits()) {
        Path file = BrokenRules.SOURCES.resolve(edit.file());
        assertTrue(Files.exists(file), () -> rule.ids() + " breaks " + file);
        String source = Files.readString(file);
        assertDoesNotThrow(() -> edit.applyTo(source), () -> rule.ids() + " does not fit");
      }
      for (String test : rule.tests()) {
        assertDoesNotThrow(() -> Class.forName(test), () -> rule.ids() + " is seen by " + test);
      }
    }
  }

  @Test
  void shouldReplaceWhatIsThereOnce_howeverItIsIndented() {
    BrokenRule.Edit edit = new BrokenRule.Edit("A.java", List.of("a();", "b();"), List.of("c();"));
    assertEquals("{\n  c();\n}", edit.applyTo("{\n  a();\n  b();\n}"));
    assertThrows(IllegalStateException.class, () -> edit.applyTo("{\n  a();\n}"));
    assertThrows(IllegalStateException.class, () -> edit.applyTo("a();\nb();\na();\nb();"));
  }
}
