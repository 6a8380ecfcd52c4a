package io.tunstack.tools;

import io.tunstack.link.DelayLine;
import io.tunstack.link.Link;
import io.tunstack.link.LinkProfile;
import io.tunstack.time.VirtualClock;
import java.util.function.Supplier;

/**
 * Lets an emulation run for a while that nobody sees, on virtual time: the JVM compiles what
 * carries packets, and the first of somebody's are not late for it.
 */
final class EmulationRehearsal {
  /** Enough for the JVM's second compiler to take an interest. */
  static final int PACKETS = 20_000;

  private static final int PACKET_BYTES = 1500;

  /** As many at a time as may come before the first is under way. */
  private static final int BURST = 10;

  private static final long PAUSE_NANOS = 1_000_000;

  private final VirtualClock clock = new VirtualClock();
  private int offered;
  private int carried;

  private EmulationRehearsal() {}

  /**
   * Carries packets in both directions and throws them away.
   *
   * @param toRight what befalls those from the left
   * @param toLeft what befalls those from the right
   * @return how many arrived
   */
  static int run(LinkProfile toRight, LinkProfile toLeft) {
    return new EmulationRehearsal().carry(toRight, toLeft);
  }

  private int carry(LinkProfile toRight, LinkProfile toLeft) {
    Emulation emulation =
        new Emulation(
            clock,
            Long.MAX_VALUE,
            end(),
            end(),
            new DelayLine(toRight, 0),
            new DelayLine(toLeft, 1));
    while (offered < PACKETS) {
      emulation.turn();
      clock.advance(PAUSE_NANOS);
    }
    for (long due = emulation.turn(); due != Link.NEVER; due = emulation.turn()) {
      clock.advanceTo(Math.max(due, clock.nanos()));
    }
    return carried;
  }

  private Emulation.End end() {
    return new Emulation.End(new Source(), packet -> carried++);
  }

  /** A burst, and then nothing until the next turn. */
  private final class Source implements Supplier<byte[]> {
    private int left = BURST;

    @Override
    public byte[] get() {
      if (left == 0 || offered >= PACKETS) {
        left = BURST;
        return null;
      }
      left--;
      offered++;
      return new byte[PACKET_BYTES];
    }
  }
}
