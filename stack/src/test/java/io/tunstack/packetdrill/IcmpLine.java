package io.tunstack.packetdrill;

import java.util.List;
import java.util.Map;

/**
 * An ICMP error as a script writes it: {@code icmp unreachable frag_needed mtu 1200
 * [1:1461(1460)]}.
 *
 * @param mtu that of the next hop; 0 if the line does not say
 * @param seq where the quoted segment starts
 * @param length its text
 */
record IcmpLine(int type, int code, int mtu, int seq, int length) {
  private static final Map<String, Integer> TYPES =
      Map.of("unreachable", 3, "source_quench", 4, "time_exceeded", 11, "parameter_problem", 12);

  private static final Map<Integer, List<String>> CODES =
      Map.of(
          3,
          List.of(
              "net_unreachable",
              "host_unreachable",
              "protocol_unreachable",
              "port_unreachable",
              "frag_needed",
              "source_route_failed",
              "net_unknown",
              "host_unknown",
              "source_host_isolated",
              "net_prohibited",
              "host_prohibited",
              "net_unreachable_for_tos",
              "host_unreachable_for_tos",
              "packet_filtered",
              "precedence_violation",
              "precedence_cutoff"),
          11,
          List.of("ttl", "frag"));

  /** Whether what is quoted comes first. */
  static boolean seesQuote(Cursor in) {
    int start = in.position();
    boolean sees = in.take("[") && in.seesNumber();
    in.backTo(start);
    return sees;
  }

  /** Reads one; what is quoted may stand in front of it or behind it. */
  static IcmpLine parse(Cursor in) {
    SegmentLine quoted = in.sees("[") ? quote(in) : null;
    in.require("icmp");
    String word = in.word();
    Integer type = TYPES.get(word);
    if (type == null) {
      throw in.error("the ICMP type " + word + " is not known here");
    }
    int code = 0;
    int mtu = 0;
    while (in.seesWord()) {
      String next = in.word();
      if (next.equals("mtu")) {
        mtu = (int) in.number();
      } else {
        code = CODES.getOrDefault(type, List.of()).indexOf(next);
        if (code < 0) {
          throw in.error("the ICMP code " + next + " is not known here");
        }
      }
    }
    quoted = quoted == null ? quote(in) : quoted;
    return new IcmpLine(type, code, mtu, quoted.seq(), quoted.length());
  }

  private static SegmentLine quote(Cursor in) {
    in.require("[");
    int seq = (int) in.number();
    in.require(":");
    in.number();
    in.require("(");
    int length = (int) in.number();
    in.require(")");
    in.require("]");
    return new SegmentLine(-1, 0, seq, length, 0, -1, 0, null);
  }
}
