package io.tunstack.sim;

import io.tunstack.link.Fate;
import java.util.List;

/** One thing that an application or the network does; lists of them shrink well. */
sealed interface Operation {
  /** The application wants to send more bytes; what does not fit now follows when it does. */
  record Write(Side side, int bytes) implements Operation {}

  /** The application reads no more until told. */
  record PauseReading(Side side) implements Operation {}

  /** The application, reading or not, takes some bytes now. */
  record Read(Side side, int bytes) implements Operation {}

  /** The application reads everything again, as it comes. */
  record ResumeReading(Side side) implements Operation {}

  /** FIN behind what the stack has accepted. */
  record Shutdown(Side side) implements Operation {}

  /** Close both directions. */
  record Close(Side side) implements Operation {}

  /** RST. */
  record Abort(Side side) implements Operation {}

  /** The application wants buffers of another size from now on. */
  record SetBuffers(Side side, int send, int receive) implements Operation {}

  /** Time passes. */
  record Advance(int millis) implements Operation {}

  /** The next packets that this side sends meet these fates. */
  record SetFates(Side from, List<Fate> fates) implements Operation {}

  /** What this side sends is lost. */
  record PathDown(Side from) implements Operation {}

  /** What this side sends gets through again. */
  record PathUp(Side from) implements Operation {}
}
