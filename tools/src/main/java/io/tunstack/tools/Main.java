package io.tunstack.tools;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where the JVM starts. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args as typed, without the command's own name
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    System.exit(Tunstack.commandLine(out, err).execute(args));
  }
}
