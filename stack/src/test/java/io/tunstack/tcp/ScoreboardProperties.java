package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.Seq;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** The scoreboard against a plain array of bytes that does the same the slow way. */
class ScoreboardProperties {
  private static final int SMSS = 10;
  private static final int ROOM = 4_000;

  private enum Fate {
    FLIGHT,
    SACKED,
    LOST
  }

  /** Byte by byte, what has become of it. */
  private static final class Model {
    final Fate[] fates = new Fate[ROOM];
    int una;
    int nxt;

    int count(Fate fate) {
      int n = 0;
      for (int i = una; i < nxt; i++) {
        n += fates[i] == fate ? 1 : 0;
      }
      return n;
    }
  }

  @Property
  void shouldAgreeWithAPlainModel(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int base = random.nextBoolean() ? -random.nextInt(ROOM) : random.nextInt();
    Scoreboard board = new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
    board.setSegment(SMSS);
    AckSample s = new AckSample();
    Model model = new Model();
    int sacks = 0;
    int again = 0;
    for (long now = 1; now < 300 && model.nxt < ROOM - 100; now++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          int end = model.nxt + (1 + random.nextInt(5)) * SMSS;
          board.sent(base + model.nxt, base + end, now);
          java.util.Arrays.fill(model.fates, model.nxt, end, Fate.FLIGHT);
          model.nxt = end;
        }
        case 2 -> {
          s.reset(now);
          s.sackPermitted = true;
          sacks += sack(board, model, base, s, random) ? 1 : 0;
        }
        case 3 -> {
          s.reset(now);
          int ack = model.una + random.nextInt((model.nxt - model.una) / SMSS / 2 + 1) * SMSS;
          int news = 0;
          for (int i = model.una; i < ack; i++) {
            news += model.fates[i] == Fate.SACKED ? 0 : 1;
          }
          board.acknowledge(base + ack, s);
          assertEquals(news, s.delivered);
          model.una = ack;
        }
        default -> again += loseAndSendAgain(board, model, base, now, random);
      }
      assertEquals(model.count(Fate.FLIGHT), board.inFlight());
      assertEquals(model.count(Fate.SACKED), board.sackedBytes());
      assertEquals(model.count(Fate.LOST), board.lostBytes());
      assertEquals(board.sackedBytes() / SMSS, board.sackedSegments());
      checkOrder(board);
    }
    Statistics.label("SACKed").collect(sacks > 5);
    Statistics.label("SACKed").coverage(c -> c.check(true).percentage(p -> p > 50));
    Statistics.label("again").collect(again > 5);
    Statistics.label("again").coverage(c -> c.check(true).percentage(p -> p > 50));
    Statistics.label("wrapped").collect(base < 0 && base + model.nxt >= 0);
    Statistics.label("wrapped").coverage(c -> c.check(true).percentage(p -> p > 5));
  }

  private static boolean sack(
      Scoreboard board, Model model, int base, AckSample s, SplittableRandom random) {
    int span = model.nxt - model.una;
    if (span < 3 * SMSS) {
      return false;
    }
    int left = model.una + 1 + random.nextInt(span - 1);
    int right = left + 1 + random.nextInt(model.nxt - left);
    board.sack(base + left, base + right, s);
    int news = 0;
    for (int i = (left + SMSS - 1) / SMSS * SMSS; i + SMSS <= right; i += SMSS) {
      for (int k = i; k < i + SMSS; k++) {
        news += model.fates[k] == Fate.SACKED ? 0 : 1;
        model.fates[k] = Fate.SACKED;
      }
    }
    assertEquals(news, s.newlySacked);
    return news > 0;
  }

  private static int loseAndSendAgain(
      Scoreboard board, Model model, int base, long now, SplittableRandom random) {
    int piece = board.oldestInFlight();
    for (int skip = random.nextInt(3); skip > 0 && piece != Scoreboard.NONE; skip--) {
      piece = board.nextInFlight(piece);
    }
    if (piece != Scoreboard.NONE) {
      fill(model, base, board, piece, Fate.LOST);
      board.markLost(piece);
    }
    if (random.nextInt(3) > 0 && board.lostBytes() > 0) {
      int limit = (1 + random.nextInt(4)) * SMSS;
      int sent = board.nextLost(limit, limit, base + model.nxt);
      assertEquals(lowestLost(model), Seq.distance(base, board.start(sent)));
      assertTrue(board.length(sent) <= limit);
      fill(model, base, board, sent, Fate.FLIGHT);
      board.sentAgain(sent, now);
      return 1;
    }
    return 0;
  }

  private static int lowestLost(Model model) {
    int i = model.una;
    while (model.fates[i] != Fate.LOST) {
      i++;
    }
    return i;
  }

  private static void fill(Model model, int base, Scoreboard board, int piece, Fate fate) {
    int from = Seq.distance(base, board.start(piece));
    java.util.Arrays.fill(model.fates, from, from + board.length(piece), fate);
  }

  private static void checkOrder(Scoreboard board) {
    long before = Long.MIN_VALUE;
    for (int p = board.oldestInFlight(); p != Scoreboard.NONE; p = board.nextInFlight(p)) {
      assertTrue(board.sentAt(p) >= before, "in flight by the time they left");
      before = board.sentAt(p);
    }
  }
}
