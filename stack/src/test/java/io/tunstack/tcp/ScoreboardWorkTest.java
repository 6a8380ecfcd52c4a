package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an acknowledgment costs while losses are repaired: steps over pieces, which must not grow
 * with the window. A window of so many segments leaves, some are lost, and the receiver, a model
 * here, acknowledges each that arrives with the three blocks that it has to report first (RFC 2018
 * §4); what is found lost leaves again, one segment for each acknowledgment.
 */
class ScoreboardWorkTest {
  private static final int SMSS = 1000;
  private static final long MICRO = 1_000;
  private static final int SMALL = 100;
  private static final int LARGE = 10_000;

  /** For both ends of three blocks, what is found in them and what leaves again. */
  private static final int SEARCHES = 12;

  /** The first acknowledgment beyond a hole takes all of the window off the board. */
  private static final int WINDOWS_AT_MOST = 2;

  /** Which segments the path loses, when they leave for the first time or again. */
  enum Pattern {
    ONE,
    EVERY_SECOND,
    EVERY_TENTH,
    RUNS_OF_FIFTY,
    HALF_AT_RANDOM,
    SECOND_HALF_AND_RETRANSMISSIONS_TOO;

    boolean loses(int segment, int window, int transmission, SplittableRandom random) {
      boolean again = transmission > 0;
      return switch (this) {
        case ONE -> !again && segment == 1;
        case EVERY_SECOND -> !again && segment % 2 == 1;
        case EVERY_TENTH -> !again && segment % 10 == 3;
        case RUNS_OF_FIFTY -> !again && segment / 50 % 2 == 1;
        case HALF_AT_RANDOM -> !again && random.nextBoolean();
        case SECOND_HALF_AND_RETRANSMISSIONS_TOO ->
            again ? random.nextInt(4) == 0 : segment > window / 2 && random.nextBoolean();
      };
    }
  }

  private record Transmission(int segment, long sentAt) {}

  private record Work(double mean, long most, int acks) {}

  private static Work repair(Pattern pattern, int window, boolean large) {
    SplittableRandom random = new SplittableRandom(7);
    Scoreboard board = new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
    board.setSegment(SMSS);
    RttEstimator rtt = new RttEstimator(1_000_000_000, 200_000_000, 60_000_000_000L);
    final long path = 20_000 * MICRO;
    rtt.sample(path, 1, 0);
    Rack rack = new Rack(board, rtt);
    AckSample s = new AckSample();
    int base = Integer.MAX_VALUE - window / 3 * SMSS;
    int[] transmissions = new int[window];
    ArrayDeque<Transmission> underWay = new ArrayDeque<>();
    long now = 0;
    int perPiece = large ? 40 : 1;
    for (int i = 0; i < window; i += perPiece) {
      int end = Math.min(window, i + perPiece);
      board.sent(base + i * SMSS, base + end * SMSS, now);
      for (int k = i; k < end; k++) {
        send(k, now, underWay, transmissions, pattern, window, random);
      }
      now += MICRO;
    }
    RangeSet received = new RangeSet(Integer.MAX_VALUE);
    int una = base;
    int end = base + window * SMSS;
    ArrayDeque<Integer> reported = new ArrayDeque<>();
    long total = 0;
    long most = 0;
    int acks = 0;
    while (una != end) {
      Transmission arrival = underWay.poll();
      if (arrival == null) {
        // All that is under way is lost: time shows it, or the time-out.
        now += 10 * path;
        rack.onTimeout(now);
        resend(board, now, base, underWay, transmissions, pattern, window, random);
        continue;
      }
      now = Math.max(now + MICRO, arrival.sentAt + path);
      int seq = base + arrival.segment * SMSS;
      received.add(seq, seq + SMSS);
      if (received.indexOf(una) >= 0) {
        una = received.end(received.indexOf(una));
      }
      reported.remove(seq);
      reported.addFirst(seq);
      long before = board.steps();
      s.reset(now);
      s.sackPermitted = true;
      s.minRtt = rtt.minRtt();
      s.priorFack = board.highestSacked(una);
      s.recoveryPoint = end;
      s.advanced = una == seq + SMSS || received.indexOf(una - 1) >= 0;
      board.acknowledge(una, s);
      int blocks = 0;
      for (int one : reported.stream().limit(3).toList()) {
        int range = received.indexOf(one);
        if (blocks < 3 && received.start(range) - una > 0) {
          board.sack(received.start(range), received.end(range), s);
          blocks++;
        }
      }
      rack.onAck(s, una, true);
      resend(board, now, base, underWay, transmissions, pattern, window, random);
      while (reported.size() > 3) {
        reported.removeLast();
      }
      long work = board.steps() - before;
      total += work;
      most = Math.max(most, work);
      acks++;
    }
    assertTrue(board.isEmpty());
    assertEquals(0, board.inFlight() + board.lostBytes() + board.sackedBytes());
    return new Work((double) total / acks, most, acks);
  }

  private static void resend(
      Scoreboard board,
      long now,
      int base,
      ArrayDeque<Transmission> underWay,
      int[] transmissions,
      Pattern pattern,
      int window,
      SplittableRandom random) {
    if (board.lostBytes() > 0) {
      int piece = board.nextLost(SMSS, SMSS, base + window * SMSS);
      int segment = (board.start(piece) - base) / SMSS;
      board.sentAgain(piece, now);
      send(segment, now, underWay, transmissions, pattern, window, random);
    }
  }

  private static void send(
      int segment,
      long now,
      ArrayDeque<Transmission> underWay,
      int[] transmissions,
      Pattern pattern,
      int window,
      SplittableRandom random) {
    if (!pattern.loses(segment, window, transmissions[segment]++, random)) {
      underWay.add(new Transmission(segment, now));
    }
  }

  @ParameterizedTest
  @EnumSource(Pattern.class)
  void shouldCostSomeBinarySearches_howeverLargeTheWindow(Pattern pattern) {
    for (int window = SMALL; window <= LARGE; window *= 10) {
      Work work = repair(pattern, window, false);
      assertTrue(work.acks >= window / 3, "acknowledgments");
      int most = SEARCHES * search(window);
      assertTrue(work.mean <= most, () -> work + ", but not above " + most);
    }
  }

  @ParameterizedTest
  @EnumSource(Pattern.class)
  void shouldCostNotMuchMore_whenPacketsOfManySegmentsLeft(Pattern pattern) {
    Work work = repair(pattern, LARGE, true);
    int most = 2 * SEARCHES * search(LARGE);
    assertTrue(work.mean <= most, () -> work + ", but not above " + most);
  }

  private static int search(int pieces) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(pieces);
  }

  @ParameterizedTest
  @EnumSource(Pattern.class)
  void shouldNeverTakeLong_forASingleAcknowledgment(Pattern pattern) {
    Work work = repair(pattern, LARGE, false);
    assertTrue(work.most <= WINDOWS_AT_MOST * LARGE, work::toString);
  }
}
