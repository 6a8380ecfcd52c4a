package io.tunstack.packetdrill;

import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A snapshot of a connection in the names and units of Linux's {@code TCP_INFO}. */
final class InfoFields {
  private static final List<TcpState> LINUX_STATES =
      List.of(
          TcpState.ESTABLISHED,
          TcpState.SYN_SENT,
          TcpState.SYN_RECEIVED,
          TcpState.FIN_WAIT_1,
          TcpState.FIN_WAIT_2,
          TcpState.TIME_WAIT,
          TcpState.CLOSED,
          TcpState.CLOSE_WAIT,
          TcpState.LAST_ACK,
          TcpState.LISTEN,
          TcpState.CLOSING);

  private static final List<String> PHASES = List.of("open", "disorder", "cwr", "recovery", "loss");

  private InfoFields() {}

  static Map<String, Long> of(TcpInfo info) {
    Map<String, Long> fields = new HashMap<>(constants());
    long segment = Math.max(1, info.smssBytes());
    fields.put("tcpi_state", 1L + LINUX_STATES.indexOf(info.state()));
    fields.put("tcpi_ca_state", (long) PHASES.indexOf(info.congestionState()));
    fields.put("tcpi_snd_cwnd", info.cwndBytes() / segment);
    fields.put(
        "tcpi_snd_ssthresh",
        info.ssthreshBytes() == Integer.MAX_VALUE
            ? Integer.MAX_VALUE
            : info.ssthreshBytes() / segment);
    fields.put("tcpi_unacked", inSegments(info.unackedBytes(), segment));
    fields.put("tcpi_sacked", inSegments(info.sackedBytes(), segment));
    fields.put("tcpi_lost", inSegments(info.lostBytes(), segment));
    fields.put("tcpi_total_retrans", info.retransmits());
    fields.put("tcpi_rto", info.rtoNanos() / 1_000);
    fields.put("tcpi_rtt", info.srttNanos() / 1_000);
    fields.put("tcpi_rttvar", info.rttvarNanos() / 1_000);
    fields.put("tcpi_snd_mss", segment);
    fields.put("tcpi_pmtu", (long) info.pmtuBytes());
    fields.put("tcpi_snd_wnd", (long) info.sndWndBytes());
    fields.put("tcpi_rcv_wnd", (long) info.rcvWndBytes());
    fields.put("tcpi_snd_wscale", (long) info.sndWndShift());
    fields.put("tcpi_rcv_wscale", (long) info.rcvWndShift());
    fields.put("tcpi_notsent_bytes", (long) info.unsentBytes());
    fields.put("tcpi_options", options(info));
    return fields;
  }

  private static long inSegments(int bytes, long segment) {
    return (bytes + segment - 1) / segment;
  }

  private static long options(TcpInfo info) {
    return (info.timestamps() ? 1L : 0)
        | (info.sackPermitted() ? 2 : 0)
        | (info.windowScaling() ? 4 : 0);
  }

  private static Map<String, Long> constants() {
    Map<String, Long> names = new HashMap<>();
    for (int i = 0; i < PHASES.size(); i++) {
      String phase = PHASES.get(i);
      names.put("TCP_CA_" + Character.toUpperCase(phase.charAt(0)) + phase.substring(1), (long) i);
    }
    names.put("TCP_CA_CWR", 2L);
    List<String> states =
        List.of(
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING");
    for (int i = 0; i < states.size(); i++) {
      names.put("TCP_" + states.get(i), i + 1L);
    }
    names.put("TCPI_OPT_TIMESTAMPS", 1L);
    names.put("TCPI_OPT_SACK", 2L);
    names.put("TCPI_OPT_WSCALE", 4L);
    return names;
  }
}
