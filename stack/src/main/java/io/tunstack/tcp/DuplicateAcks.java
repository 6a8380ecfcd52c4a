package io.tunstack.tcp;

import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;

/**
 * Loss detection for a peer without SACK (RFC 5681 §3.2, RFC 6582): the third duplicate
 * acknowledgment shows that the first segment is lost, a partial acknowledgment the next.
 */
final class DuplicateAcks implements LossDetector {
  private static final int THRESHOLD = 3;

  private final Scoreboard board;
  private final CongestionWindow window;
  private int duplicates;
  private int assumed;

  DuplicateAcks(Scoreboard board, CongestionWindow window) {
    this.board = board;
    this.window = window;
  }

  @Override
  public long onAck(AckSample s, int una, boolean recovering) {
    if (s.advanced) {
      onProgress(s, recovering);
    } else if (s.duplicate) {
      duplicates++;
      // Each is one segment that has arrived, but never the one that is missing.
      int most = Math.max(0, board.inFlight() + board.lostBytes() - window.smss);
      int before = assumed;
      assumed = Math.min(assumed + window.smss, most);
      s.delivered += assumed - before;
      if (!recovering && duplicates == THRESHOLD && Seq.gt(una, s.recoveryPoint)) {
        board.markFirstLost(window.smss);
      }
    }
    return TimerWheel.NEVER;
  }

  private void onProgress(AckSample s, boolean recovering) {
    duplicates = 0;
    // One segment filled the hole; what else it covers had been assumed to be there already.
    int known = Math.min(assumed, Math.max(0, s.acked - window.smss));
    s.delivered -= known;
    assumed = recovering ? assumed - known : 0;
    if (recovering) {
      board.markFirstLost(window.smss);
    }
  }

  @Override
  public long onTimer(long now, boolean recovering) {
    return TimerWheel.NEVER;
  }

  @Override
  public void onTimeout(long now) {
    duplicates = 0;
    assumed = 0;
    board.markAllLost();
  }

  @Override
  public void onRecovered() {
    duplicates = 0;
    assumed = 0;
  }

  @Override
  public int assumedDelivered() {
    return assumed;
  }
}
