package io.tunstack.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.time.Clock;
import java.util.Arrays;

/**
 * A link that makes another one worse: what arrives there arrives here late, twice, out of order,
 * with a bit wrong, or never.
 *
 * <pre>
 *   Stack --send-------------------------&gt; wrapped link
 *   Stack &lt;--receive-- [ delay line ] &lt;--- wrapped link
 * </pre>
 *
 * <p>It impairs the direction towards its stack. To impair both directions of a pair, wrap both
 * ends; then each direction has a seed of its own. {@link #nextDeadline()} says when the next
 * packet is due.
 */
public final class ImpairedLink extends WrappedLink {
  private final Clock clock;
  private final DelayLine line;
  private final ByteBuf scratch;

  /**
   * Wraps a link.
   *
   * @param wrapped closed with this one
   * @param clock the clock of the stack on top
   * @param impairment what befalls arriving packets
   * @param seed with a packet's number, decides its fate
   */
  public ImpairedLink(Link wrapped, Clock clock, Impairment impairment, long seed) {
    super(wrapped);
    this.clock = clock;
    this.line = new DelayLine(impairment, seed);
    this.scratch = Unpooled.buffer(wrapped.mtu(), wrapped.mtu());
  }

  /**
   * Returns the packets under way, to script fates, change the impairment and read counts.
   *
   * @return live
   */
  public DelayLine line() {
    return line;
  }

  @Override
  public int receive(ByteBuf into) {
    if (isClosed()) {
      return 0;
    }
    long now = clock.nanos();
    while (wrapped.receive(scratch) > 0) {
      int from = scratch.arrayOffset() + scratch.readerIndex();
      int to = from + scratch.readableBytes();
      line.offer(Arrays.copyOfRange(scratch.array(), from, to), now);
    }
    byte[] packet = line.poll(now);
    if (packet == null) {
      return 0;
    }
    into.clear().writeBytes(packet);
    return packet.length;
  }

  @Override
  public long nextDeadline() {
    return Math.min(line.nextDue(), wrapped.nextDeadline());
  }

  @Override
  void release() {
    line.clear();
    scratch.release();
  }
}
