package io.tunstack.tools;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Where the command's log goes: output is for the answers, and what a person should know of goes
 * beside it, to standard error, from the level that the property {@code tunstack.log} names, or
 * {@code INFO}. A logging library of the usual kind takes longer to be set up than everything else
 * that happens before the first ping is answered.
 */
public final class LogProvider implements SLF4JServiceProvider {
  /** As SLF4J asks of who was made for its versions 2. */
  private static final String API_VERSION = "2.0.99";

  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private Level threshold = Level.INFO;

  /** Called by SLF4J, which finds it by its name. */
  public LogProvider() {}

  @Override
  public void initialize() {
    threshold = level(System.getProperty("tunstack.log", ""));
  }

  /** What is no level's name is INFO. */
  static Level level(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    for (Level level : Level.values()) {
      if (level.name().equals(wanted)) {
        return level;
      }
    }
    return Level.INFO;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return this::logger;
  }

  private Logger logger(String name) {
    Logger known = loggers.get(name);
    if (known != null) {
      return known;
    }
    Logger made = new ErrorStreamLogger(name, threshold);
    Logger first = loggers.putIfAbsent(name, made);
    return first == null ? made : first;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return API_VERSION;
  }
}
