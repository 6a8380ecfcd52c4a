package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** The ring against a queue that is obviously right. */
class ByteRingProperties {
  @Property
  void shouldGiveBackWhatWasPutIn_inOrder(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = -40, max = 40) Integer> steps) {
    ByteRing ring = new ByteRing(32);
    ArrayDeque<Byte> model = new ArrayDeque<>();
    byte next = 0;
    boolean wrapped = false;
    boolean full = false;
    int total = 0;
    for (int step : steps) {
      if (step >= 0) {
        byte[] source = new byte[step];
        for (int i = 0; i < step; i++) {
          source[i] = (byte) (next + i);
        }
        int n = ring.write(source, 0, step);
        assertEquals(Math.min(step, 32 - model.size()), n);
        for (int i = 0; i < n; i++) {
          model.add(next++);
        }
        total += n;
        full |= n < step;
        wrapped |= total > 32;
      } else {
        byte[] target = new byte[-step];
        int n = ring.read(target, 0, -step);
        assertEquals(Math.min(-step, model.size()), n);
        for (int i = 0; i < n; i++) {
          assertEquals(model.remove(), target[i]);
        }
      }
      assertEquals(model.size(), ring.readable());
      assertEquals(32 - model.size(), ring.writable());
    }
    Statistics.label("wrapped").collect(wrapped);
    Statistics.label("wrapped").coverage(c -> c.check(true).percentage(p -> p >= 20));
    Statistics.label("full").collect(full);
    Statistics.label("full").coverage(c -> c.check(true).percentage(p -> p >= 20));
  }

  @Property
  void shouldAgree_whenUsedInPlace(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = -40, max = 40) Integer> steps) {
    ByteRing ring = new ByteRing(32);
    byte written = 0;
    byte read = 0;
    int moved = 0;
    for (int step : steps) {
      if (step >= 0) {
        var room = ring.room();
        int n = Math.min(step, room.remaining());
        for (int i = 0; i < n; i++) {
          room.put(written++);
        }
        ring.filled(n);
      } else {
        var content = ring.content();
        int n = Math.min(-step, content.remaining());
        for (int i = 0; i < n; i++) {
          assertEquals(read++, content.get());
        }
        ring.used(n);
        moved += n;
      }
    }
    Statistics.label("moved").collect(moved > 32);
    Statistics.label("moved").coverage(c -> c.check(true).percentage(p -> p >= 20));
  }
}
