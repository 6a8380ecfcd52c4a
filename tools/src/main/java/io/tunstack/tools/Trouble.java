package io.tunstack.tools;

import io.tunstack.link.LinkException;
import io.tunstack.tun.TunException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command says when it cannot go on. */
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private Trouble() {}

  /** Says why; answers the exit code. */
  static int tell(Exception e, PrintWriter err) {
    if (e instanceof TunException || e instanceof LinkException) {
      LOG.debug("the device failed", e);
      err.println("tunstack: " + e.getMessage());
    } else {
      LOG.error("this is a defect of tunstack", e);
    }
    return ExitCode.of(e);
  }
}
