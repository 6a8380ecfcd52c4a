package io.tunstack.script;

import static io.tunstack.wire.TcpView.ACK;
import static io.tunstack.wire.TcpView.FIN;
import static io.tunstack.wire.TcpView.RST;
import static io.tunstack.wire.TcpView.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.script.SegmentOracle.Answer;
import io.tunstack.script.SegmentOracle.Block;
import io.tunstack.script.SegmentOracle.Kind;
import io.tunstack.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every combination of flags in every state, at every edge of the receive window and of what we
 * have sent, against {@link SegmentOracle}. Both sides' numbers lie at the wrap. PSH and URG make
 * no difference to what is answered: each line is said without them, with one, and with both.
 */
class EverySegmentTest {
  private static final int TEXT = 10;
  private static final int WINDOW = 20_000;

  /** How a connection comes into a state. */
  enum Place {
    CLOSED(TcpState.CLOSED, 0, 0, 0),
    LISTEN(TcpState.LISTEN, 0, 0, 0),
    SYN_SENT(TcpState.SYN_SENT, 0, 1, 0),
    SYN_RECEIVED(TcpState.SYN_RECEIVED, 0, 1, 1),
    SYN_RECEIVED_ACTIVE(TcpState.SYN_RECEIVED, 0, 1, 1),
    ESTABLISHED(TcpState.ESTABLISHED, 1, 11, 1),
    FIN_WAIT_1(TcpState.FIN_WAIT_1, 1, 2, 1),
    FIN_WAIT_2(TcpState.FIN_WAIT_2, 2, 2, 1),
    CLOSE_WAIT(TcpState.CLOSE_WAIT, 1, 11, 2),
    CLOSING(TcpState.CLOSING, 1, 2, 2),
    LAST_ACK(TcpState.LAST_ACK, 1, 2, 2),
    TIME_WAIT(TcpState.TIME_WAIT, 2, 2, 2);

    final TcpState state;
    final int una;
    final int nxt;
    final int rcvNxt;

    Place(TcpState state, int una, int nxt, int rcvNxt) {
      this.state = state;
      this.una = una;
      this.nxt = nxt;
      this.rcvNxt = rcvNxt;
    }

    TcpScript enter() {
      return switch (this) {
        case CLOSED -> {
          TcpScript s = new TcpScript();
          s.localPort = 81;
          yield s;
        }
        case LISTEN -> new TcpScript();
        case SYN_SENT -> TcpScript.connecting();
        case SYN_RECEIVED -> new TcpScript().inject(line("S", 0, 0, null));
        case SYN_RECEIVED_ACTIVE -> {
          TcpScript s = TcpScript.connecting();
          s.drain();
          yield s.inject(line("S", 0, 0, null));
        }
        case ESTABLISHED -> standing().write(10);
        case FIN_WAIT_1 -> standing().closeOutput();
        case FIN_WAIT_2 -> standing().closeOutput().inject(line(".", 1, 0, 2));
        case CLOSE_WAIT -> standing().inject(line("F.", 1, 0, 1)).write(10);
        case CLOSING -> standing().closeOutput().inject(line("F.", 1, 0, 1));
        case LAST_ACK -> standing().inject(line("F.", 1, 0, 1)).closeOutput();
        case TIME_WAIT -> standing().closeOutput().inject(line("F.", 1, 0, 2));
      };
    }

    private static TcpScript standing() {
      TcpScript s = new TcpScript();
      s.inject("S 0:0(0) win " + WINDOW + " <mss 1460>").expect("S. 0:0(0) ack 1");
      return s.inject(line(".", 1, 0, 1));
    }
  }

  /** A line; {@code ack} null for none. */
  private static String line(String flags, int seq, int text, Integer ack) {
    String numbers = flags + " " + seq + ":" + (seq + (long) text) + "(" + text + ")";
    return numbers + (ack == null ? "" : " ack " + ack) + " win " + WINDOW;
  }

  /** What says nothing of a segment's place: flags, and where urgent text ends. */
  private enum Marks {
    NONE("", ""),
    PUSH("P", ""),
    URGENT("PU", " urg 5");

    final String letters;
    final String pointer;

    Marks(String letters, String pointer) {
      this.letters = letters;
      this.pointer = pointer;
    }

    String on(String line) {
      String flags = line.startsWith("none ") ? "" : line.substring(0, line.indexOf(' '));
      String all = (flags + letters).isEmpty() ? "none" : flags + letters;
      return all + line.substring(line.indexOf(' ')) + pointer;
    }
  }

  private static String letters(int flags) {
    StringBuilder text = new StringBuilder();
    text.append((flags & SYN) != 0 ? "S" : "").append((flags & FIN) != 0 ? "F" : "");
    text.append((flags & RST) != 0 ? "R" : "").append((flags & ACK) != 0 ? "." : "");
    return text.length() == 0 ? "none" : text.toString();
  }

  private static List<Integer> starts(int nxt, int window) {
    int end = nxt + window;
    int far = nxt + Integer.MIN_VALUE;
    return List.of(
        nxt - 1000,
        nxt - 11,
        nxt - 10,
        nxt - 5,
        nxt - 1,
        nxt,
        nxt + 1,
        nxt + 5,
        end - 11,
        end - 5,
        end - 1,
        end,
        end + 1,
        end + 1000,
        far - 1,
        far + 20);
  }

  private static List<Integer> acknowledgments(Place place) {
    int far = place.una + Integer.MIN_VALUE;
    return List.of(
        place.una - WINDOW - 1,
        place.una - WINDOW,
        place.una - 1,
        place.una,
        place.nxt,
        place.nxt + 1,
        far - 1,
        far + 20);
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerAndMoveAsTheRfcSays(Place place) {
    List<String> wrong = new ArrayList<>();
    int window;
    try (TcpScript s = place.enter()) {
      boolean offers = place.rcvNxt > 0 && place.state != TcpState.TIME_WAIT;
      window = offers ? s.info().rcvWndBytes() : 65_535;
      assertEquals(place.state == TcpState.LISTEN ? TcpState.CLOSED : place.state, s.state());
    }
    int cases = 0;
    for (int bits = 0; bits < 16; bits++) {
      int flags =
          ((bits & 1) != 0 ? SYN : 0)
              | ((bits & 2) != 0 ? FIN : 0)
              | ((bits & 4) != 0 ? RST : 0)
              | ((bits & 8) != 0 ? ACK : 0);
      for (int start : starts(place.rcvNxt, window)) {
        for (int text : new int[] {0, TEXT}) {
          for (int ack : acknowledgments(place)) {
            Integer given = (flags & ACK) == 0 ? null : (Integer) ack;
            String line = line(letters(flags), start, text, given);
            for (Marks marks : Marks.values()) {
              check(place, window, flags, marks.on(line), wrong);
              cases++;
            }
            if (given == null) {
              break;
            }
          }
        }
      }
    }
    assertTrue(cases > 6000, "cases " + cases);
    assertEquals(List.of(), wrong);
  }

  private static void check(Place place, int window, int flags, String line, List<String> wrong) {
    ScriptSegment segment = ScriptSegment.parse(line);
    boolean passive = place != Place.SYN_RECEIVED_ACTIVE;
    int maxSndWnd = WINDOW;
    Block block =
        new Block(place.state, passive, place.una, place.nxt, place.rcvNxt, window, maxSndWnd);
    Answer expected =
        new SegmentOracle(block, flags, segment.seq(), segment.length(), segment.ack()).answer();
    try (TcpScript s = place.enter()) {
      s.drain();
      s.inject(line).afterMillis(45);
      List<ScriptSegment> sent = s.drain();
      Kind kind = sent.isEmpty() ? Kind.NONE : kind(sent.get(0));
      boolean rightNumbers = sent.isEmpty() || numbersAreRight(kind, place, segment, sent.get(0));
      if (kind != expected.kind()
          || sent.size() > 1
          || !rightNumbers
          || s.state() != expected.state()) {
        wrong.add(line + ": expected " + expected + ", was " + sent + " -> " + s.state());
      }
    }
  }

  private static Kind kind(ScriptSegment sent) {
    int flags = sent.flagBits();
    if ((flags & RST) != 0) {
      return (flags & ACK) != 0 ? Kind.RST_ACK : Kind.RST;
    }
    return (flags & SYN) != 0 ? Kind.SYN_ACK : Kind.ACK;
  }

  private static boolean numbersAreRight(
      Kind kind, Place place, ScriptSegment segment, ScriptSegment sent) {
    return switch (kind) {
      case RST -> sent.seq() == segment.ack();
      case RST_ACK -> {
        int flags = segment.flagBits();
        int len = segment.length() + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
        yield sent.ack() == segment.seq() + len;
      }
      case SYN_ACK -> sent.seq() == 0 || place == Place.TIME_WAIT;
      case ACK -> sent.seq() == place.nxt && sent.length() == 0;
      case NONE -> true;
    };
  }
}
