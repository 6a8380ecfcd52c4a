package io.tunstack.tools;

import java.util.List;
import java.util.Locale;

/**
 * What a run came to.
 *
 * @param goodputs of each flow, bits each second
 * @param completionNanos until every flow had transferred its bytes; -1 if they never had
 * @param segments sent by the senders
 * @param retransmits of them
 * @param timeouts how often a retransmission timer expired
 * @param meanQueueNanos how long packets waited at the bottleneck on average
 * @param maxQueueNanos how long at most
 */
record Outcome(
    List<Double> goodputs,
    long completionNanos,
    long segments,
    long retransmits,
    long timeouts,
    long meanQueueNanos,
    long maxQueueNanos) {

  static final String CSV_HEADER =
      "goodput_bps,slowest_bps,fastest_bps,jain,completion_s,segments,retransmits,retransmit_ratio,"
          + "timeouts,queue_mean_ms,queue_max_ms";

  double goodput() {
    return goodputs.stream().mapToDouble(Double::doubleValue).sum();
  }

  double slowest() {
    return goodputs.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  double fastest() {
    return goodputs.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** Jain's fairness index: 1 if all flows are equal, 1/n if one has everything. */
  double jain() {
    double squares = goodputs.stream().mapToDouble(each -> each * each).sum();
    double sum = goodput();
    return squares == 0 ? 1 : sum * sum / (goodputs.size() * squares);
  }

  double retransmitRatio() {
    return segments == 0 ? 0 : (double) retransmits / segments;
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%.0f,%.0f,%.0f,%.4f,%s,%d,%d,%.5f,%d,%.3f,%.3f",
        goodput(),
        slowest(),
        fastest(),
        jain(),
        completionNanos < 0 ? "" : String.format(Locale.ROOT, "%.6f", completionNanos / 1e9),
        segments,
        retransmits,
        retransmitRatio(),
        timeouts,
        meanQueueNanos / 1e6,
        maxQueueNanos / 1e6);
  }
}
