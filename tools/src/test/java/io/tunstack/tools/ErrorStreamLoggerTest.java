package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

final class ErrorStreamLoggerTest {
  private static final Object[] THREE = {3};

  @Test
  void shouldWriteOneLine_whenNothingWasThrown() {
    assertEquals(
        "tunstack: WARN  3 is odd" + System.lineSeparator(),
        ErrorStreamLogger.text(Level.WARN, "{} is odd", THREE, null));
    assertEquals(
        "tunstack: ERROR even" + System.lineSeparator(),
        ErrorStreamLogger.text(Level.ERROR, "even", null, null));
  }

  @Test
  void shouldAddTheWholeTrace_whenSomethingWasThrown() {
    Throwable thrown = new IllegalStateException("no", new RuntimeException("why"));

    String text = ErrorStreamLogger.text(Level.ERROR, "{} is odd", THREE, thrown);

    assertTrue(text.startsWith("tunstack: ERROR 3 is odd" + System.lineSeparator()), text);
    assertTrue(text.contains("java.lang.IllegalStateException: no"), text);
    assertTrue(text.contains("ErrorStreamLoggerTest.shouldAddTheWholeTrace"), text);
    assertTrue(text.contains("Caused by: java.lang.RuntimeException: why"), text);
  }

  @Test
  void shouldWriteWhatIsLoudEnough() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      Logger logger = new ErrorStreamLogger("io.tunstack.Example", Level.WARN);
      logger.info("{} is {}", 1, "quiet");
      logger.warn("{} is {}", 2, "loud");
      logger.debug("quiet", new IllegalStateException("no"));
    } finally {
      System.setErr(before);
    }
    assertEquals(
        "tunstack: WARN  2 is loud" + System.lineSeparator(),
        written.toString(StandardCharsets.UTF_8));
  }
}
