package io.tunstack.packetdrill;

import io.tunstack.wire.TcpView;

/** In what a segment is not the one that was expected. */
final class Differences {
  private Differences() {}

  /**
   * Compares; what the script leaves out is not compared.
   *
   * @param several whether it was cut into several packets: PSH is then what a device that cuts
   *     makes of it, and not compared
   * @return empty if it is as expected
   */
  static String between(SegmentLine wanted, SegmentLine sent, boolean several) {
    StringBuilder text = new StringBuilder();
    int compared = several ? ~TcpView.PSH : ~0;
    if ((wanted.flags() & compared) != (sent.flags() & compared)) {
      text.append("flags, ");
    }
    if (wanted.seq() != sent.seq()) {
      text.append("sequence number, ");
    }
    if (wanted.length() != sent.length()) {
      text.append("length, ");
    }
    if (wanted.ack() != sent.ack()) {
      text.append("acknowledgment, ");
    }
    if (wanted.window() >= 0 && wanted.window() != sent.window()) {
      text.append("window, ");
    }
    if (wanted.congestion() >= 0 && wanted.congestion() != sent.congestion()) {
      text.append("ECN bits, ");
    }
    if (wanted.urgent() != sent.urgent()) {
      text.append("urgent pointer, ");
    }
    if (wanted.options() != null && !wanted.options().equals(sent.options())) {
      text.append("options, ");
    }
    return text.length() == 0 ? "" : text.substring(0, text.length() - 2);
  }
}
