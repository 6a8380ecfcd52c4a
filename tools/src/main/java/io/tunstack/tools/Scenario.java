package io.tunstack.tools;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import io.tunstack.link.QueueDiscipline;
import java.time.Duration;
import java.util.Locale;

/**
 * One run of an experiment: so many flows from one host to another over one bottleneck.
 *
 * @param cc the senders' congestion control
 * @param seed what is random follows from it
 * @param rate of the bottleneck, bits each second
 * @param delay of each direction
 * @param jitter of each direction; it keeps the order
 * @param loss share of the data packets
 * @param reorder share of the data packets
 * @param buffer in front of the bottleneck, in parts of rate times round trip
 * @param aqm who keeps it short
 * @param flows how many at once
 * @param bytes that each flow transfers; 0 for as many as it can
 * @param time how long at most
 */
record Scenario(
    String cc,
    long seed,
    long rate,
    Duration delay,
    Duration jitter,
    double loss,
    double reorder,
    double buffer,
    QueueDiscipline aqm,
    int flows,
    long bytes,
    Duration time) {
  /** A queue holds this many packets at least: with fewer not even a pair of segments fits. */
  private static final int MIN_QUEUE_PACKETS = 4;

  static final int MTU = 1500;

  private static final long BITS_PER_BYTE = 8;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Unevenness is this part of the delay at most: it is not what is examined. */
  private static final int MAX_UNEVENNESS = 10;

  static final String CSV_HEADER =
      "cc,seed,rate_bps,delay_ms,jitter_ms,loss,reorder,buffer_bdp,aqm,flows,bytes,seconds";

  /** Rate times round trip, bytes. */
  long product() {
    return Bottleneck.product(rate, delay.multipliedBy(2));
  }

  long queueBytes() {
    return Math.max(Math.round(buffer * product()), (long) MIN_QUEUE_PACKETS * MTU);
  }

  /**
   * How much time hosts may take with a packet, at random, when several flows share the path: what
   * one takes at the bottleneck. Where everything runs like clockwork, one and the same flow finds
   * the queue full each time, which no real one does (Floyd and Jacobson, "On traffic phase effects
   * in packet-switched gateways", 1991).
   */
  Duration unevenness() {
    if (flows == 1) {
      return Duration.ZERO;
    }
    Duration packet = Duration.ofNanos(MTU * BITS_PER_BYTE * NANOS_PER_SECOND / rate);
    Duration most = delay.dividedBy(MAX_UNEVENNESS);
    return packet.compareTo(most) < 0 ? packet : most;
  }

  /** What the data goes through. */
  LinkProfile there() {
    Impairment impairment =
        Impairment.NONE
            .withDelay(delay, jitter.plus(unevenness()))
            .withLoss(loss)
            .withReordering(reorder);
    return LinkProfile.NONE
        .with(impairment)
        .with(Bottleneck.tailDrop(rate, queueBytes()).with(aqm, false))
        .withInOrder(true);
  }

  /** What the acknowledgments go through. */
  LinkProfile back() {
    Impairment impairment = Impairment.NONE.withDelay(delay, jitter.plus(unevenness()));
    return LinkProfile.NONE.with(impairment).withInOrder(true);
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%s,%s,%s,%s,%s,%s,%d,%d,%s",
        cc,
        seed,
        rate,
        Units.number(delay.toNanos() / 1e6),
        Units.number(jitter.toNanos() / 1e6),
        Units.number(loss),
        Units.number(reorder),
        Units.number(buffer),
        aqm.name().toLowerCase(Locale.ROOT),
        flows,
        bytes,
        Units.number(time.toNanos() / 1e9));
  }

  /** A line for people, above a figure. */
  String title() {
    StringBuilder title = new StringBuilder(cc).append(", ").append(Units.showRate(rate));
    title.append(", ").append(Units.showMillis(2 * delay.toNanos())).append(" round trip");
    title.append(", buffer ").append(Units.number(buffer)).append(" BDP");
    if (loss > 0) {
      title.append(", loss ").append(Units.showShare(loss));
    }
    if (reorder > 0) {
      title.append(", reordered ").append(Units.showShare(reorder));
    }
    if (flows > 1) {
      title.append(", ").append(flows).append(" flows");
    }
    return title.append(", seed ").append(seed).toString();
  }

  /** A name for files. */
  String fileName() {
    String name =
        cc
            + "-"
            + Units.showRate(rate)
            + "-"
            + Units.showMillis(delay.toNanos())
            + "-loss"
            + Units.number(loss)
            + "-reorder"
            + Units.number(reorder)
            + "-buffer"
            + Units.number(buffer)
            + "-flows"
            + flows
            + "-seed"
            + seed;
    return name.replace("/s", "").replace(" ", "");
  }
}
