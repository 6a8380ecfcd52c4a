package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class LogSetupTest {
  private final LoggerContext loggers = new LoggerContext();
  private final Logger logger = loggers.getLogger("io.tunstack.Example");

  private String line(Level level, Throwable thrown) {
    return new LogSetup.LineLayout()
        .doLayout(new LoggingEvent("here", logger, level, "{} is odd", thrown, new Object[] {3}));
  }

  @Test
  void shouldWriteOneLine_whenNothingWasThrown() {
    assertEquals("tunstack: WARN  3 is odd" + System.lineSeparator(), line(Level.WARN, null));
    assertEquals("tunstack: ERROR 3 is odd" + System.lineSeparator(), line(Level.ERROR, null));
  }

  @Test
  void shouldAddTheWholeTrace_whenSomethingWasThrown() {
    String text = line(Level.ERROR, new IllegalStateException("no", new RuntimeException("why")));
    assertTrue(text.contains("java.lang.IllegalStateException: no"), text);
    assertTrue(text.contains("LogSetupTest.shouldAddTheWholeTrace"), text);
    assertTrue(text.contains("Caused by: java.lang.RuntimeException: why"), text);
  }

  @Test
  void shouldBeFoundByLogback_andLogFromInfoOnToStandardError() {
    assertTrue(
        ServiceLoader.load(Configurator.class).stream()
            .anyMatch(each -> each.type().equals(LogSetup.class)));
    new LogSetup().configure(loggers);
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    assertEquals(Level.INFO, root.getLevel());
    assertTrue(root.getAppender("stderr").isStarted());
  }
}
