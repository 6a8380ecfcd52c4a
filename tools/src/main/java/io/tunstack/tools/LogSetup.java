package io.tunstack.tools;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.Charset;

/**
 * Sets up logging unless there is a configuration file: output is for the answers, and what a
 * person should know of goes beside it, to standard error, from the level that the property {@code
 * tunstack.log} names, or {@code INFO}. In code, because reading a file of the same meaning takes
 * as long as everything else that happens before the first ping is answered.
 */
@ConfiguratorRank(ConfiguratorRank.FALLBACK + 1)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final int LEVEL_WIDTH = 5;

  /** Called by logback, which finds it by its name in {@code META-INF/services}. */
  public LogSetup() {}

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    LineLayout layout = new LineLayout();
    layout.setContext(loggers);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(loggers);
    encoder.setCharset(Charset.defaultCharset());
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(loggers);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getProperty("tunstack.log"), Level.INFO));
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** One line, and the stack trace if there is one. */
  static final class LineLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
      StringBuilder line = new StringBuilder("tunstack: ").append(event.getLevel());
      while (line.length() < "tunstack: ".length() + LEVEL_WIDTH) {
        line.append(' ');
      }
      line.append(' ').append(event.getFormattedMessage()).append(System.lineSeparator());
      if (event.getThrowableProxy() != null) {
        line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      return line.toString();
    }
  }
}
