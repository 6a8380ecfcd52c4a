package io.tunstack.tools;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.time.SystemClock;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunLink;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Where the JVM starts. */
public final class Main {
  private static final int PORT = 80;

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args as typed, without the command's own name
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    if (args.length > 0 && args[0].equals("up")) {
      prepareBeside();
    }
    System.exit(run(args, out, err));
  }

  private static int run(String[] args, PrintWriter out, PrintWriter err) {
    Optional<Up> up = PlainArguments.up(args);
    if (up.isEmpty()) {
      return Tunstack.commandLine(out, err).execute(args);
    }
    try {
      return up.get().run(out, err);
    } catch (RuntimeException e) {
      return Trouble.tell(e, err);
    }
  }

  static void prepareBeside() {
    // Two threads that begin to log at once would make SLF4J talk about itself.
    LoggerFactory.getILoggerFactory();
    Thread preparation = new Thread(Main::prepare, "tunstack-prepare");
    preparation.setDaemon(true);
    preparation.start();
  }

  /**
   * Starts a site in memory and ends it: another core loads what the daemon is going to need while
   * this one still reads the arguments.
   */
  private static void prepare() {
    try {
      TunLink.bindNatives();
      InMemoryLink link = InMemoryLink.pair(TunConfig.DEFAULT_MTU).left();
      try (Stack stack = Stack.builder(link, new SystemClock()).address("10.77.0.2/24").build()) {
        new WebSite(PORT, false).start(Sockets.on(stack));
      }
    } catch (RuntimeException e) {
      // The command is going to meet with the same and say so.
      LoggerFactory.getLogger(Main.class).debug("could not prepare", e);
    }
  }
}
