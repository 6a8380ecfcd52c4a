package io.tunstack.tools;

import io.tunstack.tcp.SegmentEvent;
import io.tunstack.tcp.SegmentEvent.Direction;
import io.tunstack.tcp.SegmentObserver;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run looked like over time, for CSV and figures. */
final class Series implements SegmentObserver {
  /** Points of time in a run: a figure has hardly more columns. */
  static final int SAMPLES = 500;

  /** Segments in a time-sequence graph at most; what comes later is not drawn. */
  static final int MAX_SEGMENTS = 60_000;

  static final String CSV_HEADER = "seconds,flow,cwnd_bytes,in_flight_bytes,srtt_ms,goodput_bps";

  /**
   * A flow at an instant.
   *
   * @param inFlight what is in the network: sent, and neither acknowledged nor taken for lost
   * @param bitsPerSecond received since the sample before
   */
  record Sample(
      double seconds, int flow, int cwnd, int inFlight, double rttMillis, double bitsPerSecond) {
    String csv() {
      return String.format(
          Locale.ROOT,
          "%.6f,%d,%d,%d,%.3f,%.0f",
          seconds,
          flow,
          cwnd,
          inFlight,
          rttMillis,
          bitsPerSecond);
    }
  }

  /** What happened to a range of the first flow's sequence. */
  enum Kind {
    SENT,
    RESENT,
    ACKED
  }

  /**
   * A segment of the first flow.
   *
   * @param from offset in the stream
   * @param to its end
   */
  record Dot(double seconds, Kind kind, long from, long to) {}

  private final List<Sample> samples = new ArrayList<>();
  private final List<Dot> dots = new ArrayList<>();
  private final List<long[]> before = new ArrayList<>();
  private int firstPort;
  private int iss;
  private int highest;
  private long highestOffset;

  void sample(long now, int flow, TcpInfo info, long received) {
    while (before.size() <= flow) {
      before.add(new long[2]);
    }
    long[] last = before.get(flow);
    double elapsed = Math.max(1, now - last[0]) / 1e9;
    samples.add(
        new Sample(
            now / 1e9,
            flow,
            info.cwndBytes(),
            Math.max(0, info.unackedBytes() - info.sackedBytes() - info.lostBytes()),
            info.srttNanos() / 1e6,
            (received - last[1]) * 8 / elapsed));
    last[0] = now;
    last[1] = received;
  }

  @Override
  public void onSegment(SegmentEvent event) {
    if (firstPort == 0 && event.direction() == Direction.SENT) {
      firstPort = event.tuple().localPort();
      iss = event.seq();
      highest = iss;
    }
    if (event.tuple().localPort() != firstPort || dots.size() >= MAX_SEGMENTS) {
      return;
    }
    double seconds = event.nanos() / 1e9;
    if (event.direction() == Direction.RECEIVED && (event.flags() & TcpView.ACK) != 0) {
      long acked = offset(event.ack());
      dots.add(new Dot(seconds, Kind.ACKED, acked, acked));
    } else if (event.direction() == Direction.SENT && event.textLength() > 0) {
      int end = event.seq() + event.textLength();
      boolean resent = Seq.lt(event.seq(), highest);
      long from = offset(event.seq());
      dots.add(new Dot(seconds, resent ? Kind.RESENT : Kind.SENT, from, from + event.textLength()));
      if (Seq.lt(highest, end)) {
        highestOffset += Seq.distance(highest, end);
        highest = end;
      }
    }
  }

  /** Where a number is in the stream, which may be longer than numbers are. */
  private long offset(int seq) {
    return highestOffset + (seq - highest);
  }

  List<Sample> samples() {
    return samples;
  }

  List<Dot> dots() {
    return dots;
  }
}
