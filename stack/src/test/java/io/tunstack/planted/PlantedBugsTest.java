package io.tunstack.planted;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the planted bugs still fit the sources; that tests catch them is proved nightly. */
final class PlantedBugsTest {
  private static final int AT_LEAST = 20;
  private static final Path PATCHES = Path.of("src", "test", "resources", "planted");

  static List<PlantedBug> bugs() throws IOException {
    try (Stream<Path> files = Files.list(PATCHES)) {
      return files.sorted().map(PlantedBug::read).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void shouldFitTheSources(PlantedBug bug) throws IOException {
    assertFalse(bug.hunks().isEmpty(), bug.name());
    for (PlantedBug.Hunk hunk : bug.hunks()) {
      // The patch names its files from the root, the build runs in the module.
      List<String> source = Files.readAllLines(Path.of("..", hunk.file()));
      int occurrences = hunk.occurrences(source);
      assertEquals(1, occurrences, () -> bug.misfit(hunk, occurrences));
      assertNotEquals(hunk.before(), hunk.after(), bug.name());
    }
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void shouldNameATestThatExists(PlantedBug bug) {
    assertDoesNotThrow(() -> Class.forName(bug.caughtBy()), bug.name());
  }

  @Test
  void shouldBeManyAndOfManyClasses() throws IOException {
    Set<String> numbers = new HashSet<>();
    Set<String> classes = new HashSet<>();
    for (PlantedBug bug : bugs()) {
      assertTrue(bug.name().matches("\\d\\d-[a-z-]+\\.patch"), bug.name());
      assertTrue(numbers.add(bug.name().substring(0, 2)), () -> "twice: " + bug.name());
      assertFalse(bug.bugClass().isBlank(), bug.name());
      classes.add(bug.bugClass());
    }
    assertTrue(numbers.size() >= AT_LEAST, numbers::toString);
    assertTrue(classes.size() >= 10, classes::toString);
  }
}
