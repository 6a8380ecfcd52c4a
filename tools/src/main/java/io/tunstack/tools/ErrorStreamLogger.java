package io.tunstack.tools;

import java.io.PrintWriter;
import java.io.Serial;
import java.io.StringWriter;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes one line to standard error, and the stack trace if there is one. */
final class ErrorStreamLogger extends LegacyAbstractLogger {
  @Serial private static final long serialVersionUID = 1L;

  private static final int LEVEL_WIDTH = 5;

  private final int threshold;

  ErrorStreamLogger(String name, Level threshold) {
    this.name = name;
    this.threshold = threshold.toInt();
  }

  private boolean isEnabled(Level level) {
    return level.toInt() >= threshold;
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return ErrorStreamLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
    // In one piece: another thread's line is not to begin within this one.
    System.err.print(text(level, message, arguments, thrown));
    System.err.flush();
  }

  static String text(Level level, String message, Object[] arguments, Throwable thrown) {
    StringBuilder text = new StringBuilder("tunstack: ").append(level.name());
    while (text.length() < "tunstack: ".length() + LEVEL_WIDTH) {
      text.append(' ');
    }
    text.append(' ')
        .append(MessageFormatter.basicArrayFormat(message, arguments))
        .append(System.lineSeparator());
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      text.append(trace);
    }
    return text.toString();
  }
}
