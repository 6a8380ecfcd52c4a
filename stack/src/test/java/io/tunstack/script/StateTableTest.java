package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SEGMENT ARRIVES as a table (RFC 9293 §3.10.7): in every state, for every class of segment, what
 * is answered and which state follows.
 *
 * <p>A cell is "answer -> state after": {@code -} for no answer, {@code ACK} for a bare
 * acknowledgment, {@code RST n} for a RST with that sequence number, where X is our SND.NXT and U
 * our SND.UNA. LISTEN is the listener's state; where it makes no connection, CLOSED follows. From
 * ESTABLISHED on, both sides have sent 10 bytes before.
 */
class StateTableTest {
  /** The classes of segments: {@code N} is the peer's SND.NXT, {@code U} and {@code X} are ours. */
  private enum Arriving {
    DATA_IN_WINDOW(". N:N+5(5) ack X"),
    DATA_OLD(". N-8:N-3(5) ack X"),
    DATA_BEYOND_WINDOW(". N+9000000:N+9000005(5) ack X"),
    SYN("S N:N(0)"),
    SYN_OLD("S N-11:N-11(0)"),
    SYN_ACK("S. N:N(0) ack X"),
    RST_EXACT("R N:N(0)"),
    RST_IN_WINDOW("R N+5:N+5(0)"),
    RST_OUTSIDE("R N-1:N-1(0)"),
    ACK_NEW(". N:N(0) ack X"),
    ACK_OLD(". N:N(0) ack U-1"),
    ACK_UNSENT(". N:N(0) ack X+1"),
    FIN("F. N:N(0) ack X"),
    FIN_OLD("F. N-1:N-1(0) ack X"),
    NO_FLAGS("none N:N(0)");

    final String template;

    Arriving(String template) {
      this.template = template;
    }

    String line(int peerNext, int una, int next) {
      StringBuilder line = new StringBuilder();
      for (String word : template.split("(?<=[ :(])|(?=[ :(])")) {
        line.append(
            switch (word.isEmpty() ? ' ' : word.charAt(0)) {
              case 'N' -> value(word, peerNext);
              case 'U' -> value(word, una);
              case 'X' -> value(word, next);
              default -> word;
            });
      }
      return line + " win 65535";
    }

    private static String value(String word, int base) {
      return String.valueOf(base + (word.length() > 1 ? Integer.parseInt(word.substring(1)) : 0));
    }
  }

  private static final String TABLE =
      """
      state        | DATA_IN_WINDOW           | DATA_OLD                 | DATA_BEYOND_WINDOW
      CLOSED       | RST X -> CLOSED          | RST X -> CLOSED          | RST X -> CLOSED
      LISTEN       | RST X -> CLOSED          | RST X -> CLOSED          | RST X -> CLOSED
      SYN_SENT     | - -> SYN_SENT            | - -> SYN_SENT            | - -> SYN_SENT
      SYN_RECEIVED | ACK -> ESTABLISHED       | ACK -> SYN_RECEIVED      | ACK -> SYN_RECEIVED
      ESTABLISHED  | - -> ESTABLISHED         | ACK -> ESTABLISHED       | ACK -> ESTABLISHED
      FIN_WAIT_1   | - -> FIN_WAIT_2          | ACK -> FIN_WAIT_1        | ACK -> FIN_WAIT_1
      FIN_WAIT_2   | - -> FIN_WAIT_2          | ACK -> FIN_WAIT_2        | ACK -> FIN_WAIT_2
      CLOSE_WAIT   | - -> CLOSE_WAIT          | ACK -> CLOSE_WAIT        | ACK -> CLOSE_WAIT
      CLOSING      | - -> TIME_WAIT           | ACK -> CLOSING           | ACK -> CLOSING
      LAST_ACK     | - -> CLOSED              | ACK -> LAST_ACK          | ACK -> LAST_ACK
      TIME_WAIT    | ACK -> TIME_WAIT         | ACK -> TIME_WAIT         | ACK -> TIME_WAIT

      state        | SYN                      | SYN_OLD                  | SYN_ACK
      CLOSED       | RST 0 -> CLOSED          | RST 0 -> CLOSED          | RST X -> CLOSED
      LISTEN       | SYN,ACK -> SYN_RECEIVED  | SYN,ACK -> SYN_RECEIVED  | RST X -> CLOSED
      SYN_SENT     | SYN,ACK -> SYN_RECEIVED  | SYN,ACK -> SYN_RECEIVED  | ACK -> ESTABLISHED
      SYN_RECEIVED | - -> CLOSED              | ACK -> SYN_RECEIVED      | - -> CLOSED
      ESTABLISHED  | ACK -> ESTABLISHED       | ACK -> ESTABLISHED       | ACK -> ESTABLISHED
      FIN_WAIT_1   | ACK -> FIN_WAIT_1        | ACK -> FIN_WAIT_1        | ACK -> FIN_WAIT_1
      FIN_WAIT_2   | ACK -> FIN_WAIT_2        | ACK -> FIN_WAIT_2        | ACK -> FIN_WAIT_2
      CLOSE_WAIT   | ACK -> CLOSE_WAIT        | ACK -> CLOSE_WAIT        | ACK -> CLOSE_WAIT
      CLOSING      | ACK -> CLOSING           | ACK -> CLOSING           | ACK -> CLOSING
      LAST_ACK     | ACK -> LAST_ACK          | ACK -> LAST_ACK          | ACK -> LAST_ACK
      TIME_WAIT    | ACK -> TIME_WAIT         | ACK -> TIME_WAIT         | ACK -> TIME_WAIT

      state        | RST_EXACT                | RST_IN_WINDOW            | RST_OUTSIDE
      CLOSED       | - -> CLOSED              | - -> CLOSED              | - -> CLOSED
      LISTEN       | - -> CLOSED              | - -> CLOSED              | - -> CLOSED
      SYN_SENT     | - -> SYN_SENT            | - -> SYN_SENT            | - -> SYN_SENT
      SYN_RECEIVED | - -> CLOSED              | ACK -> SYN_RECEIVED      | - -> SYN_RECEIVED
      ESTABLISHED  | - -> CLOSED              | ACK -> ESTABLISHED       | - -> ESTABLISHED
      FIN_WAIT_1   | - -> CLOSED              | ACK -> FIN_WAIT_1        | - -> FIN_WAIT_1
      FIN_WAIT_2   | - -> CLOSED              | ACK -> FIN_WAIT_2        | - -> FIN_WAIT_2
      CLOSE_WAIT   | - -> CLOSED              | ACK -> CLOSE_WAIT        | - -> CLOSE_WAIT
      CLOSING      | - -> CLOSED              | ACK -> CLOSING           | - -> CLOSING
      LAST_ACK     | - -> CLOSED              | ACK -> LAST_ACK          | - -> LAST_ACK
      TIME_WAIT    | - -> TIME_WAIT           | - -> TIME_WAIT           | - -> TIME_WAIT

      state        | ACK_NEW                  | ACK_OLD                  | ACK_UNSENT
      CLOSED       | RST X -> CLOSED          | RST U-1 -> CLOSED        | RST X+1 -> CLOSED
      LISTEN       | RST X -> CLOSED          | RST U-1 -> CLOSED        | RST X+1 -> CLOSED
      SYN_SENT     | - -> SYN_SENT            | RST U-1 -> SYN_SENT      | RST X+1 -> SYN_SENT
      SYN_RECEIVED | - -> ESTABLISHED         | RST U-1 -> SYN_RECEIVED  | RST X+1 -> SYN_RECEIVED
      ESTABLISHED  | - -> ESTABLISHED         | - -> ESTABLISHED         | ACK -> ESTABLISHED
      FIN_WAIT_1   | - -> FIN_WAIT_2          | - -> FIN_WAIT_1          | ACK -> FIN_WAIT_1
      FIN_WAIT_2   | - -> FIN_WAIT_2          | - -> FIN_WAIT_2          | ACK -> FIN_WAIT_2
      CLOSE_WAIT   | - -> CLOSE_WAIT          | - -> CLOSE_WAIT          | ACK -> CLOSE_WAIT
      CLOSING      | - -> TIME_WAIT           | - -> CLOSING             | ACK -> CLOSING
      LAST_ACK     | - -> CLOSED              | - -> LAST_ACK            | ACK -> LAST_ACK
      TIME_WAIT    | - -> TIME_WAIT           | - -> TIME_WAIT           | - -> TIME_WAIT

      state        | FIN                      | FIN_OLD                  | NO_FLAGS
      CLOSED       | RST X -> CLOSED          | RST X -> CLOSED          | RST 0 -> CLOSED
      LISTEN       | RST X -> CLOSED          | RST X -> CLOSED          | - -> CLOSED
      SYN_SENT     | - -> SYN_SENT            | - -> SYN_SENT            | - -> SYN_SENT
      SYN_RECEIVED | ACK -> CLOSE_WAIT        | ACK -> SYN_RECEIVED      | - -> SYN_RECEIVED
      ESTABLISHED  | ACK -> CLOSE_WAIT        | ACK -> ESTABLISHED       | - -> ESTABLISHED
      FIN_WAIT_1   | ACK -> TIME_WAIT         | ACK -> FIN_WAIT_1        | - -> FIN_WAIT_1
      FIN_WAIT_2   | ACK -> TIME_WAIT         | ACK -> FIN_WAIT_2        | - -> FIN_WAIT_2
      CLOSE_WAIT   | - -> CLOSE_WAIT          | ACK -> CLOSE_WAIT        | - -> CLOSE_WAIT
      CLOSING      | - -> TIME_WAIT           | ACK -> CLOSING           | - -> CLOSING
      LAST_ACK     | - -> CLOSED              | ACK -> LAST_ACK          | - -> LAST_ACK
      TIME_WAIT    | ACK -> TIME_WAIT         | ACK -> TIME_WAIT         | - -> TIME_WAIT
      """;

  static Stream<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    String[] head = {};
    for (String line : TABLE.lines().filter(l -> !l.isBlank()).toList()) {
      String[] cells = line.split("\\|");
      if (cells[0].strip().equals("state")) {
        head = cells;
        continue;
      }
      for (int i = 1; i < cells.length; i++) {
        rows.add(Arguments.of(cells[0].strip(), head[i].strip(), cells[i].strip()));
      }
    }
    assertEquals(TcpState.values().length * Arriving.values().length, rows.size());
    return rows.stream();
  }

  @ParameterizedTest(name = "segment arrives when {0}: {1}, so {2}")
  @MethodSource("rows")
  void shouldAnswerAndMoveAsTheTableSays(String state, String arriving, String expected) {
    try (Place place = Place.in(TcpState.valueOf(state))) {
      TcpScript s = place.script;
      s.inject(Arriving.valueOf(arriving).line(place.peerNext, place.una, place.next));
      String[] wanted = expected.split(" -> ");
      assertEquals(place.resolve(wanted[0]), answer(place), "answer");
      assertEquals(TcpState.valueOf(wanted[1]), s.state(), "state after");
    }
  }

  private static String answer(Place place) {
    List<ScriptSegment> sent = place.script.drain();
    if (sent.isEmpty()) {
      return "-";
    }
    assertEquals(1, sent.size(), sent::toString);
    ScriptSegment only = sent.get(0);
    return switch (only.flags()) {
      case "S." -> "SYN,ACK";
      case "R", "R." -> "RST " + only.seq();
      case "." -> {
        assertEquals(0, only.length(), only::toString);
        yield "ACK";
      }
      default -> only.toString();
    };
  }

  /** A script in a state, with the numbers that the rows of the table speak of. */
  private record Place(TcpScript script, int peerNext, int una, int next) implements AutoCloseable {

    static Place in(TcpState state) {
      return switch (state) {
        case CLOSED -> {
          TcpScript s = new TcpScript();
          s.localPort = 81;
          yield new Place(s, 11, 1, 11);
        }
        case LISTEN -> new Place(new TcpScript(), 11, 1, 11);
        case SYN_SENT -> {
          TcpScript s = TcpScript.connecting();
          s.drain();
          yield new Place(s, 11, 1, 1);
        }
        case SYN_RECEIVED -> {
          TcpScript s = new TcpScript();
          s.inject("S 0:0(0) win 65535 <mss 1460>");
          s.drain();
          yield new Place(s, 1, 1, 1);
        }
        case ESTABLISHED -> of(open(), 11, 1, 11);
        case FIN_WAIT_1 -> of(closeOurs(open()), 11, 11, 12);
        case FIN_WAIT_2 -> of(closeOurs(open()).inject(". 11:11(0) ack 12"), 11, 12, 12);
        case CLOSE_WAIT -> of(closeTheirs(open()), 12, 1, 11);
        case CLOSING -> of(closeTheirs(closeOurs(open())), 12, 11, 12);
        case LAST_ACK -> of(closeOurs(closeTheirs(open())), 12, 11, 12);
        case TIME_WAIT ->
            of(closeTheirs(closeOurs(open()).inject(". 11:11(0) ack 12")), 12, 12, 12);
      };
    }

    private static TcpScript open() {
      TcpScript s = TcpScript.established();
      s.inject("P. 1:11(10) ack 1 win 65535");
      return s.write(10);
    }

    private static TcpScript closeOurs(TcpScript s) {
      s.inject(". " + peerNext(s) + ":" + peerNext(s) + "(0) ack 11 win 65535");
      return s.closeOutput();
    }

    private static int peerNext(TcpScript s) {
      return s.state() == TcpState.CLOSE_WAIT ? 12 : 11;
    }

    private static TcpScript closeTheirs(TcpScript s) {
      int ack = s.state() == TcpState.FIN_WAIT_2 ? 12 : s.state() == TcpState.FIN_WAIT_1 ? 11 : 1;
      return s.inject("F. 11:11(0) ack " + ack + " win 65535");
    }

    private static Place of(TcpScript s, int peerNext, int una, int next) {
      s.drain();
      return new Place(s, peerNext, una, next);
    }

    /** Puts the number in the place of its name. */
    private String resolve(String answer) {
      return answer
          .replace("X+1", String.valueOf(next + 1))
          .replace("X", String.valueOf(next))
          .replace("U-1", String.valueOf(una - 1));
    }

    @Override
    public void close() {
      script.close();
    }
  }
}
