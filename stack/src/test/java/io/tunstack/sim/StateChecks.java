package io.tunstack.sim;

import static io.tunstack.tcp.TcpState.CLOSED;
import static io.tunstack.tcp.TcpState.CLOSE_WAIT;
import static io.tunstack.tcp.TcpState.CLOSING;
import static io.tunstack.tcp.TcpState.ESTABLISHED;
import static io.tunstack.tcp.TcpState.FIN_WAIT_1;
import static io.tunstack.tcp.TcpState.FIN_WAIT_2;
import static io.tunstack.tcp.TcpState.LAST_ACK;
import static io.tunstack.tcp.TcpState.LISTEN;
import static io.tunstack.tcp.TcpState.SYN_RECEIVED;
import static io.tunstack.tcp.TcpState.SYN_SENT;
import static io.tunstack.tcp.TcpState.TIME_WAIT;
import static org.junit.jupiter.api.Assertions.fail;

import io.tunstack.tcp.SegmentEvent;
import io.tunstack.tcp.SegmentObserver;
import io.tunstack.tcp.TcpState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Follows the states of one host's connection and lets them move only along the edges of RFC 9293
 * §3.3.2, figure 5, and §3.10.
 *
 * <p>Between two segments only the user and timers move a state; while a segment is processed, only
 * its SYN, ACK, FIN or RST do: first the ACK, then, perhaps, the FIN.
 */
final class StateChecks implements SegmentObserver {
  private static final Map<TcpState, Set<TcpState>> BY_USER_OR_TIMER =
      new EnumMap<>(
          Map.of(
              CLOSED, EnumSet.of(SYN_SENT),
              SYN_SENT, EnumSet.of(CLOSED),
              SYN_RECEIVED, EnumSet.of(FIN_WAIT_1, CLOSED),
              ESTABLISHED, EnumSet.of(FIN_WAIT_1, CLOSED),
              FIN_WAIT_1, EnumSet.of(CLOSED),
              FIN_WAIT_2, EnumSet.of(CLOSED),
              CLOSE_WAIT, EnumSet.of(LAST_ACK, CLOSED),
              CLOSING, EnumSet.of(CLOSED),
              LAST_ACK, EnumSet.of(CLOSED),
              TIME_WAIT, EnumSet.of(CLOSED)));

  /**
   * What an ACK, or a SYN in the opening states, does; a CLOSE that waited takes effect with it.
   */
  private static final Map<TcpState, Set<TcpState>> BY_ACK =
      new EnumMap<>(
          Map.of(
              // To ESTABLISHED by the acknowledgment of a cookie; a SYN in TIME-WAIT may begin
              // anew.
              LISTEN, EnumSet.of(SYN_RECEIVED, ESTABLISHED),
              TIME_WAIT, EnumSet.of(SYN_RECEIVED),
              SYN_SENT, EnumSet.of(ESTABLISHED, FIN_WAIT_1, SYN_RECEIVED),
              SYN_RECEIVED, EnumSet.of(ESTABLISHED, FIN_WAIT_1),
              FIN_WAIT_1, EnumSet.of(FIN_WAIT_2),
              CLOSING, EnumSet.of(TIME_WAIT),
              LAST_ACK, EnumSet.of(CLOSED)));

  private static final Map<TcpState, Set<TcpState>> BY_FIN =
      new EnumMap<>(
          Map.of(
              ESTABLISHED, EnumSet.of(CLOSE_WAIT),
              FIN_WAIT_1, EnumSet.of(CLOSING),
              FIN_WAIT_2, EnumSet.of(TIME_WAIT)));

  /** What a RST does, or text that has no reader any more. */
  private static final Set<TcpState> RESETTABLE =
      EnumSet.complementOf(EnumSet.of(LISTEN, TIME_WAIT));

  private final Side side;
  private final Set<TcpState> seen = EnumSet.noneOf(TcpState.class);
  private TcpState state = CLOSED;
  private int ends;

  /** Why the segment that is on its way to the link was sent. */
  private String lastReason = "";

  StateChecks(Side side) {
    this.side = side;
  }

  Set<TcpState> seen() {
    return seen;
  }

  TcpState state() {
    return state;
  }

  String lastReason() {
    return lastReason;
  }

  /** The state as it is between segments. */
  void between(TcpState now) {
    if (now != state && !edge(BY_USER_OR_TIMER, state, now)) {
      fail(side + " went from " + state + " to " + now + " without a segment");
    }
    moveTo(now);
  }

  @Override
  public void onSegment(SegmentEvent event) {
    if (event.direction() == SegmentEvent.Direction.SENT) {
      lastReason = event.reason();
      return;
    }
    between(connection(event.before()));
    if (!mayFollow(event.before(), event.after())) {
      fail(side + " went from " + event.before() + " to " + event.after() + " by " + event);
    }
    moveTo(connection(event.after()));
  }

  /** Where somebody only listens there is no connection. */
  private static TcpState connection(TcpState observed) {
    return observed == LISTEN ? CLOSED : observed;
  }

  /** How often it came back to CLOSED. */
  int ends() {
    return ends;
  }

  private void moveTo(TcpState now) {
    if (now == CLOSED && state != CLOSED) {
      ends++;
    }
    state = now;
    seen.add(now);
  }

  private static boolean mayFollow(TcpState before, TcpState after) {
    if (before == after
        || edge(BY_ACK, before, after)
        || edge(BY_FIN, before, after)
        || (after == CLOSED && RESETTABLE.contains(before))) {
      return true;
    }
    return BY_ACK.getOrDefault(before, Set.of()).stream()
        .anyMatch(acked -> edge(BY_FIN, acked, after));
  }

  private static boolean edge(Map<TcpState, Set<TcpState>> edges, TcpState before, TcpState after) {
    return edges.getOrDefault(before, Set.of()).contains(after);
  }
}
