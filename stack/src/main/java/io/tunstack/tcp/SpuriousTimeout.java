package io.tunstack.tcp;

/**
 * F-RTO (RFC 5682): after a time-out the first acknowledgment that makes progress is answered with
 * new data instead of more retransmissions; if the second one shows that something arrived which
 * was sent only once, nothing was lost and the time-out was spurious.
 *
 * <pre>
 *   time-out --&gt; FIRST --progress, not all--&gt; SECOND --an original arrived--&gt; spurious
 *                  |                            |
 *              anything else                duplicate        --&gt; OFF: it was a loss
 * </pre>
 */
final class SpuriousTimeout {
  /** What is to be done about an acknowledgment. */
  enum Verdict {
    /** Nothing is known, or the loss was real. */
    NONE,
    /** Send new data now, and no retransmission (step 2b). */
    SEND_NEW,
    /** Nothing was lost (step 3b). */
    SPURIOUS
  }

  private enum Step {
    OFF,
    FIRST,
    SECOND
  }

  private Step step = Step.OFF;

  void start() {
    step = Step.FIRST;
  }

  void stop() {
    step = Step.OFF;
  }

  /** New data has to be sent before any more retransmissions. */
  boolean wantsNewData() {
    return step == Step.SECOND;
  }

  /**
   * Takes an acknowledgment after a time-out.
   *
   * @param complete it acknowledges all that was in flight then
   * @param canSendNew there is new data and the peer has room for it
   */
  Verdict onAck(AckSample s, boolean complete, boolean canSendNew) {
    switch (step) {
      case FIRST -> {
        if (s.advanced && !complete && canSendNew) {
          step = Step.SECOND;
          return Verdict.SEND_NEW;
        }
        step = Step.OFF;
      }
      case SECOND -> {
        step = Step.OFF;
        if (s.originalDelivered) {
          return Verdict.SPURIOUS;
        }
      }
      case OFF -> {
        // Decided.
      }
    }
    return Verdict.NONE;
  }
}
