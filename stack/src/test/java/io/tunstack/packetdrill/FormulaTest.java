package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormulaTest {
  private static final Map<String, Long> NAMES = Map.of("a", 10L, "b", 3L);

  private static List<String> failures(String code) {
    return Formula.failures(code, NAMES);
  }

  @Test
  void shouldHold() {
    for (String true_ :
        List.of(
            "a == 10",
            "a != b",
            "3 <= b <= 5",
            "a > b and b > 2",
            "a < b or b == 3",
            "not a == b",
            "(a & 2) != 0",
            "a - b == 7",
            "a * b + 1 == 31",
            "a / b == 3",
            "a // b == 3",
            "a >= 10 and (b < 3 or a <= 10)",
            "a == 2 * (b + 2)")) {
      assertEquals(List.of(), failures("assert " + true_), true_);
    }
  }

  @Test
  void shouldSayWhichDoNot() {
    assertEquals(
        List.of("a == 9", "5 <= b <= 7"),
        failures("assert a == 9, a\nassert a == 10, 'a is a'; assert 5 <= b <= 7, \"b\"\n"));
    assertEquals(List.of("a == 9 or b == 2"), failures("assert a == 9 or b == 2, \\\n a"));
    assertEquals(List.of("not a"), failures("assert not a\n; // a comment"));
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertThrows(ScriptError.class, () -> failures("assert c == 1"));
    assertThrows(ScriptError.class, () -> failures("print(a)"));
    assertThrows(ScriptError.class, () -> failures("assert (a == 10"));
  }
}
