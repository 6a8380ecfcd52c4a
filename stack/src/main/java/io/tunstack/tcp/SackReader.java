package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;

/**
 * Reads the blocks of a SACK option (RFC 2018, RFC 2883), and believes only those that can be true:
 * blocks come from the network.
 */
final class SackReader {
  /** Takes the blocks of a segment whose acknowledgment has been taken already. */
  void read(TcpConnection c, TcpOptions options, AckSample s) {
    Sender snd = c.snd;
    int una = snd.sndUna;
    for (int i = 0; i < options.sackBlocks(); i++) {
      int left = options.sackLeft(i);
      int right = options.sackRight(i);
      if (i == 0 && isDuplicate(options, una)) {
        readDuplicate(c, left, right, s);
      } else if (isInside(Seq.distance(una, left), Seq.distance(una, right), snd.flight())) {
        snd.board.sack(left, right, s);
      } else if (Seq.gt(right, una) || Seq.gt(left, una)) {
        // One at or below SND.UNA is only old; this one never can have been true.
        c.count(Counter.TCP_SACK_DISCARD);
      }
    }
  }

  /**
   * Whether a block lies in (SND.UNA, SND.NXT]. Distances from one place tell; edges that are
   * compared with one another and with both ends do not, where the numbers are half of all apart.
   */
  private static boolean isInside(int from, int to, int flight) {
    return 0 < from && from < to && to <= flight;
  }

  /** RFC 2883 §4: the first block lies below the acknowledgment, or within the second. */
  private static boolean isDuplicate(TcpOptions options, int una) {
    if (Seq.lt(options.sackLeft(0), una)) {
      return true;
    }
    return options.sackBlocks() > 1
        && Seq.ge(options.sackLeft(0), options.sackLeft(1))
        && Seq.le(options.sackRight(0), options.sackRight(1));
  }

  private static void readDuplicate(TcpConnection c, int left, int right, AckSample s) {
    Sender snd = c.snd;
    int length = Seq.distance(left, right);
    boolean possible =
        length > 0
            && length <= snd.maxSndWnd
            && Seq.le(right, snd.sndNxt)
            && Seq.ge(left, snd.sndUna - snd.maxSndWnd)
            && Seq.distance(left, snd.sndUna) <= snd.rate.delivered;
    if (!possible) {
      c.count(Counter.TCP_DSACK_IGNORED_OLD);
      return;
    }
    boolean below = Seq.le(right, snd.sndUna);
    c.count(below ? Counter.TCP_DSACK_RECV : Counter.TCP_DSACK_OFO_RECV);
    s.duplicateSack = true;
    s.duplicateStart = left;
    s.duplicateEnd = right;
  }
}
