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
  private static final String JNA_DIRECTORIES = "jna.platform.library.path";

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args as typed, without the command's own name
   */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("up")) {
      prepareBeside();
    }
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
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

  /**
   * Lets two threads load what the daemon is going to need, while this one reads the arguments: the
   * native library, which takes longest, and everything else.
   */
  static void prepareBeside() {
    // The C library, which the JVM itself has loaded, needs no list of directories; JNA would run
    // ldconfig for that.
    if (System.getProperty(JNA_DIRECTORIES) == null) {
      System.setProperty(JNA_DIRECTORIES, "");
    }
    beside("tunstack-natives", TunLink::bindNatives);
    // Two threads that begin to log at once would make SLF4J talk about itself.
    LoggerFactory.getILoggerFactory();
    beside("tunstack-prepare", Main::prepare);
  }

  private static void beside(String name, Runnable work) {
    Thread preparation = new Thread(() -> attempt(work), name);
    preparation.setDaemon(true);
    preparation.start();
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The command is going to meet with the same and say so.
      LoggerFactory.getLogger(Main.class).debug("could not prepare", e);
    }
  }

  /** Starts a site in memory and ends it. */
  private static void prepare() {
    InMemoryLink link = InMemoryLink.pair(TunConfig.DEFAULT_MTU).left();
    try (Stack stack = Stack.builder(link, new SystemClock()).address("10.77.0.2/24").build()) {
      new WebSite(PORT, false).start(Sockets.on(stack));
    }
  }
}
