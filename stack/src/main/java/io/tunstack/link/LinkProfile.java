package io.tunstack.link;

/**
 * Everything about one direction of an emulated path.
 *
 * <pre>
 *   packet --&gt; [ queue | discipline ] --&gt; rate --&gt; lost? --&gt; delay + jitter --&gt; packet
 *                     bottleneck                  impairment, burst loss
 * </pre>
 *
 * <p>A packet that will be lost has passed the bottleneck before, as on a real wire.
 *
 * @param impairment delay, jitter, and what happens to packets one by one
 * @param burstLoss what happens to many in a row, besides
 * @param bottleneck rate and queue
 * @param inOrder whether jitter makes packets late without letting them overtake each other; those
 *     that reordering picks are overtaken all the same
 */
public record LinkProfile(
    Impairment impairment, BurstLoss burstLoss, Bottleneck bottleneck, boolean inOrder) {
  /** A perfect path: no limit, no loss, no time. */
  public static final LinkProfile NONE =
      new LinkProfile(Impairment.NONE, BurstLoss.NONE, Bottleneck.NONE, false);

  /**
   * Changes what happens to packets one by one.
   *
   * @param newImpairment delay, jitter, loss and the rest
   * @return a changed copy
   */
  public LinkProfile with(Impairment newImpairment) {
    return new LinkProfile(newImpairment, burstLoss, bottleneck, inOrder);
  }

  /**
   * Changes what happens to packets in a row.
   *
   * @param newBurstLoss the model
   * @return a changed copy
   */
  public LinkProfile with(BurstLoss newBurstLoss) {
    return new LinkProfile(impairment, newBurstLoss, bottleneck, inOrder);
  }

  /**
   * Changes rate and queue.
   *
   * @param newBottleneck the narrow place
   * @return a changed copy
   */
  public LinkProfile with(Bottleneck newBottleneck) {
    return new LinkProfile(impairment, burstLoss, newBottleneck, inOrder);
  }

  /**
   * Changes whether jitter keeps the order.
   *
   * @param keepsOrder whether it does
   * @return a changed copy
   */
  public LinkProfile withInOrder(boolean keepsOrder) {
    return new LinkProfile(impairment, burstLoss, bottleneck, keepsOrder);
  }
}
