package io.tunstack.tools;

/** Calls curl. */
final class Curl {
  static final String SITE = "http://" + DaemonProcess.ADDRESS;

  private Curl() {}

  /** Runs curl with options as a shell reads them; {@code SITE} in them is the daemon. */
  static String get(String options) {
    return run(options).ok().out();
  }

  /** The same where curl may fail. */
  static Run.Result run(String options) {
    return Run.shell("curl --silent --show-error --max-time 60 " + options.replace("SITE", SITE))
        .run();
  }
}
