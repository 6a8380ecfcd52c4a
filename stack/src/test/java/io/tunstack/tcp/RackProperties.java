package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** What RACK may never do, whatever arrives in whatever order (RFC 8985 §6.2). */
class RackProperties {
  private static final int SMSS = 1000;
  private static final long MILLI = 1_000_000;

  @Property
  void shouldMarkOnlyWhatLeftBeforeTheNewest_andLongEnoughAgo(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int base = random.nextInt();
    Scoreboard board = new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
    board.setSegment(SMSS);
    RttEstimator rtt = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);
    rtt.sample(20 * MILLI, 1, 0);
    Rack rack = new Rack(board, rtt);
    AckSample s = new AckSample();
    int una = base;
    int nxt = base;
    long now = 0;
    long newestSentAt = -1;
    int newestEnd = 0;
    int marked = 0;
    int spared = 0;
    for (int step = 0; step < 200; step++) {
      now += random.nextLong(8 * MILLI);
      if (random.nextInt(3) > 0) {
        board.sent(nxt, nxt + SMSS, now);
        nxt += SMSS;
        continue;
      }
      if (board.lostBytes() > 0 && random.nextBoolean()) {
        board.sentAgain(board.nextLost(SMSS, SMSS, nxt), now);
        continue;
      }
      s.reset(now);
      s.sackPermitted = true;
      s.minRtt = rtt.minRtt();
      s.priorFack = board.highestSacked(una);
      s.recoveryPoint = base - 1;
      if (nxt - una > 2 * SMSS) {
        int at = una + SMSS + random.nextInt((nxt - una) / SMSS - 1) * SMSS;
        board.sack(at, at + SMSS, s);
      }
      boolean recovering = random.nextBoolean();
      if (s.newestKnown
          && (newestSentAt < 0
              || AckSample.sentAfter(s.newestSentAt, s.newestEnd, newestSentAt, newestEnd))) {
        newestSentAt = s.newestSentAt;
        newestEnd = s.newestEnd;
      }
      List<long[]> before = inFlight(board);
      rack.onAck(s, una, recovering);
      List<long[]> after = inFlight(board);
      for (long[] piece : before) {
        boolean lost = after.stream().noneMatch(p -> p[1] == piece[1]);
        if (!lost) {
          spared++;
          continue;
        }
        marked++;
        assertTrue(
            AckSample.sentAfter(newestSentAt, newestEnd, piece[0], (int) piece[1]),
            "left after the newest one delivered");
        long earliest = piece[0] + rack.roundTrip() + rack.reorderingWindow(recovering);
        assertTrue(earliest <= now, "too early");
      }
    }
    Statistics.label("marked").collect(marked > 3);
    Statistics.label("marked").coverage(c -> c.check(true).percentage(p -> p > 60));
    Statistics.label("spared").collect(spared > 30);
    Statistics.label("spared").coverage(c -> c.check(true).percentage(p -> p > 60));
  }

  private static List<long[]> inFlight(Scoreboard board) {
    List<long[]> all = new ArrayList<>();
    for (int p = board.oldestInFlight(); p != Scoreboard.NONE; p = board.nextInFlight(p)) {
      all.add(new long[] {board.sentAt(p), board.end(p)});
    }
    return all;
  }
}
