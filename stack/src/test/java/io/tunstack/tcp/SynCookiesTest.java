package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.SipHash;
import io.tunstack.wire.TcpOptions;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What cookies hold, and for how long. */
class SynCookiesTest {
  private static final long SECOND = 1_000_000_000L;

  private final SynCookies cookies = new SynCookies(new SipHash(1, 2), new SipHash(3, 4));
  private final Segment segment = new Segment();

  private int back(int peerIsn, int cookie, long now) {
    segment.seq = peerIsn + 1;
    segment.ack = cookie + 1;
    return cookies.mss(segment, now);
  }

  private int cookie(int peerIsn, int mss, long now) {
    segment.local = 1;
    segment.localPort = 80;
    segment.remote = 2;
    segment.remotePort = 4000;
    segment.seq = peerIsn;
    return cookies.cookie(segment, mss, now);
  }

  @Test
  void shouldGiveBackTheMss_roundedDown() {
    int[][] sizes = {
      {64, 64}, {535, 64}, {536, 536}, {1300, 1220}, {1459, 1440}, {1460, 1460}, {65495, 8960}
    };
    for (int[] each : sizes) {
      for (int isn : new int[] {-1, 0, 77, Integer.MIN_VALUE}) {
        assertEquals(each[1], back(isn, cookie(isn, each[0], SECOND), SECOND));
      }
    }
  }

  @Test
  void shouldBeGoodForOneToTwoMinutes_andNotBefore() {
    for (long start : new long[] {0, 30, 59}) {
      int cookie = cookie(5, 1460, start * SECOND);
      assertEquals(1460, back(5, cookie, (start + 60) * SECOND));
      assertEquals(0, back(5, cookie, (start + 120) * SECOND));
      assertEquals(0, back(5, cookie, (start - 60) * SECOND));
    }
  }

  @Test
  void shouldDependOnEverything() {
    int cookie = cookie(5, 1460, 0);
    assertEquals(0, back(6, cookie, 0));
    assertEquals(0, back(5, cookie + 8, 0));
    assertEquals(0, back(5, cookie - 1, 0));
    segment.remotePort++;
    assertEquals(0, back(5, cookie, 0));
    segment.remotePort--;
    segment.local++;
    assertEquals(0, back(5, cookie, 0));
    segment.local--;
    assertEquals(1460, back(5, cookie, 0));
    SynCookies others = new SynCookies(new SipHash(1, 2), new SipHash(3, 5));
    segment.seq = 5;
    assertNotEquals(cookie, others.cookie(segment, 1460, 0));
  }

  @Test
  void shouldNotBeGuessed() {
    SplittableRandom random = new SplittableRandom(1);
    cookie(5, 1460, 0);
    int good = 0;
    for (int i = 0; i < 100_000; i++) {
      good += back(random.nextInt(), random.nextInt(), 0) == 0 ? 0 : 1;
    }
    assertEquals(0, good);
  }

  @Test
  void shouldUseTheWholeRangeOfNumbers() {
    Set<Integer> tops = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      tops.add(cookie(i, 1460, 0) >>> 24);
    }
    assertTrue(tops.size() > 240, "tops " + tops.size());
  }

  @Test
  void shouldCarryOptionsInATimestamp_thatIsNotAheadOfTime() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 10_000; i++) {
      int now = random.nextInt();
      int shift = random.nextInt(-1, TcpOptions.MAX_WINDOW_SHIFT + 1);
      boolean sack = random.nextBoolean();
      int value = SynCookies.timestampWith(now, shift, sack);
      assertTrue(now - value >= 0 && now - value < 64, "behind by " + (now - value));
      TcpOptions read = new TcpOptions();
      SynCookies.readTimestamp(value, read);
      assertEquals(shift, read.windowShift());
      assertEquals(sack, read.sackPermitted());
    }
  }
}
