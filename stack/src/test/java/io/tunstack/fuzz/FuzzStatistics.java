package io.tunstack.fuzz;

import io.tunstack.tcp.SegmentEvent;
import io.tunstack.tcp.SegmentObserver;
import io.tunstack.tcp.TcpState;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Where packets went: how many reached SEGMENT ARRIVES, and in which state. */
final class FuzzStatistics implements SegmentObserver {
  private final Map<TcpState, long[]> byState = new EnumMap<>(TcpState.class);
  private long inputs;
  private long packets;

  FuzzStatistics() {
    for (TcpState state : TcpState.values()) {
      byState.put(state, new long[1]);
    }
  }

  void input() {
    inputs++;
  }

  void packet() {
    packets++;
  }

  @Override
  public void onSegment(SegmentEvent event) {
    if (event.direction() != SegmentEvent.Direction.SENT) {
      byState.get(event.before())[0]++;
    }
  }

  long packets() {
    return packets;
  }

  /** The share of packets that met a connection in this state, 0 to 1. */
  double share(TcpState state) {
    return packets == 0 ? 0 : (double) byState.get(state)[0] / packets;
  }

  /**
   * The share of packets that came as far as SEGMENT ARRIVES in SYN-RECEIVED or later (RFC 9293
   * §3.10.7.4), TIME-WAIT and the handshake's own steps not counted.
   */
  double shareOfSegmentArrives() {
    double share = 0;
    for (TcpState state : TcpState.values()) {
      switch (state) {
        case CLOSED, LISTEN, SYN_SENT, TIME_WAIT -> {
          // Elsewhere.
        }
        default -> share += share(state);
      }
    }
    return share;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d executions, %,d packets, %.1f %% of them reached segmentArrives%n",
            inputs,
            packets,
            100 * shareOfSegmentArrives()));
    for (TcpState state : TcpState.values()) {
      text.append(
          String.format(Locale.ROOT, "  %-12s %5.1f %%%n", state.name(), 100 * share(state)));
    }
    return text.toString();
  }
}
