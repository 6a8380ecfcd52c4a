package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.ILoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.SLF4JServiceProvider;

final class LogProviderTest {
  @Test
  void shouldBeFoundBySlf4j() {
    assertTrue(
        ServiceLoader.load(SLF4JServiceProvider.class).stream()
            .anyMatch(each -> each.type().equals(LogProvider.class)));
  }

  @Test
  void shouldLogFromInfoOn_whenNothingIsSaid() {
    LogProvider provider = new LogProvider();
    provider.initialize();
    ILoggerFactory loggers = provider.getLoggerFactory();

    assertTrue(loggers.getLogger("a").isInfoEnabled());
    assertEquals(false, loggers.getLogger("a").isDebugEnabled());
    assertSame(loggers.getLogger("a"), loggers.getLogger("a"));
    assertNotSame(loggers.getLogger("a"), loggers.getLogger("b"));
    assertEquals("b", loggers.getLogger("b").getName());
  }

  @Test
  void shouldKnowEveryLevelByItsName() {
    assertEquals(Level.DEBUG, LogProvider.level("debug"));
    assertEquals(Level.ERROR, LogProvider.level("ERROR"));
    assertEquals(Level.INFO, LogProvider.level("loud"));
  }
}
