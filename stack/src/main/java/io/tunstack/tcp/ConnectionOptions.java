package io.tunstack.tcp;

import java.time.Duration;
import java.util.Optional;

/**
 * What an application may choose for one connection, or for all that a listener accepts. {@link
 * #of} has what the stack is set to; each {@code with} method answers a changed copy.
 *
 * <p>All may be changed while a connection stands. Two of them do more when they are known before
 * the SYN leaves: the receive buffer decides the window scale, and with it how large the window can
 * ever become, and the peer is told of the largest segment in the SYN only.
 *
 * @param noDelay whether small segments leave at once; false is Nagle's algorithm (RFC 9293 §3.7.4)
 * @param maxSegmentBytes the largest segment sent, and offered to receive, bytes of payload and
 *     options; {@link #MIN_SEGMENT_BYTES} to 65,495, and never more than the path takes
 * @param keepAlive when an idle peer is probed; empty for never
 * @param userTimeout how long sent data may stay unacknowledged, above zero
 * @param linger what close does with data that is not acknowledged: empty sends it in the
 *     background; zero drops the connection with a RST at once; more drops it so when the time is
 *     over
 * @param sendBufferBytes what is queued for sending at most, {@link TcpConfig#MIN_BUFFER_BYTES} to
 *     {@link TcpConfig#MAX_BUFFER_BYTES}
 * @param receiveBufferBytes what is kept unread at most, likewise. What the peer has been offered
 *     stays offered when it becomes less (RFC 9293 §3.8.6)
 * @param congestionControl one of {@link CongestionControls#names}
 * @param dscp the differentiated-services code point of what is sent, 0 to 63
 */
public record ConnectionOptions(
    boolean noDelay,
    int maxSegmentBytes,
    Optional<KeepAlive> keepAlive,
    Duration userTimeout,
    Optional<Duration> linger,
    int sendBufferBytes,
    int receiveBufferBytes,
    String congestionControl,
    int dscp) {
  /** What is left of the largest packet behind two headers. */
  public static final int MAX_SEGMENT_BYTES = 65_495;

  /** Below this the headers are most of what is sent. */
  public static final int MIN_SEGMENT_BYTES = Sender.MIN_MSS;

  private static final int MAX_DSCP = 63;

  /**
   * Checks the ranges.
   *
   * @param noDelay any
   * @param maxSegmentBytes 64 to 65,495
   * @param keepAlive empty, or when to probe
   * @param userTimeout above zero
   * @param linger empty, or not negative
   * @param sendBufferBytes 1,280 to 1,073,725,440
   * @param receiveBufferBytes likewise
   * @param congestionControl a known name
   * @param dscp 0 to 63
   * @throws IllegalArgumentException naming what is out of range
   */
  public ConnectionOptions {
    congestionControl = CongestionControls.require(congestionControl);
    TcpConfig.requireBuffer("sendBufferBytes", sendBufferBytes);
    TcpConfig.requireBuffer("receiveBufferBytes", receiveBufferBytes);
    if (maxSegmentBytes < MIN_SEGMENT_BYTES || maxSegmentBytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "maxSegmentBytes is "
              + maxSegmentBytes
              + "; use "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_SEGMENT_BYTES);
    }
    if (userTimeout.isNegative() || userTimeout.isZero()) {
      throw new IllegalArgumentException(
          "the user time-out is " + userTimeout + "; use more than 0");
    }
    if (linger.isPresent() && linger.get().isNegative()) {
      throw new IllegalArgumentException("linger is " + linger.get() + "; use 0 or more");
    }
    if (dscp < 0 || dscp > MAX_DSCP) {
      throw new IllegalArgumentException("DSCP is " + dscp + "; use 0 to 63");
    }
  }

  /**
   * Starts from what a stack is set to.
   *
   * @param config the stack's knobs
   * @return Nagle's algorithm on, keep-alive off, no linger, DSCP 0
   */
  public static ConnectionOptions of(TcpConfig config) {
    return new ConnectionOptions(
        false,
        MAX_SEGMENT_BYTES,
        Optional.empty(),
        config.userTimeout(),
        Optional.empty(),
        config.sendBufferBytes(),
        config.receiveBufferBytes(),
        config.congestionControl(),
        0);
  }

  /**
   * Switches Nagle's algorithm off or on.
   *
   * @param value true switches it off
   * @return a changed copy
   */
  public ConnectionOptions withNoDelay(boolean value) {
    Draft draft = new Draft(this);
    draft.noDelay = value;
    return draft.finish();
  }

  /**
   * Limits the segment size.
   *
   * @param bytes 64 to 65,495
   * @return a changed copy
   */
  public ConnectionOptions withMaxSegment(int bytes) {
    Draft draft = new Draft(this);
    draft.maxSegmentBytes = bytes;
    return draft.finish();
  }

  /**
   * Switches keep-alive on or off.
   *
   * @param settings empty for off
   * @return a changed copy
   */
  public ConnectionOptions withKeepAlive(Optional<KeepAlive> settings) {
    Draft draft = new Draft(this);
    draft.keepAlive = settings;
    return draft.finish();
  }

  /**
   * Sets the user time-out.
   *
   * @param timeout above zero
   * @return a changed copy
   */
  public ConnectionOptions withUserTimeout(Duration timeout) {
    Draft draft = new Draft(this);
    draft.userTimeout = timeout;
    return draft.finish();
  }

  /**
   * Sets how close treats what is not acknowledged.
   *
   * @param timeout empty, zero or more
   * @return a changed copy
   */
  public ConnectionOptions withLinger(Optional<Duration> timeout) {
    Draft draft = new Draft(this);
    draft.linger = timeout;
    return draft.finish();
  }

  /**
   * Sets both buffer sizes.
   *
   * @param send bytes
   * @param receive bytes
   * @return a changed copy
   */
  public ConnectionOptions withBuffers(int send, int receive) {
    Draft draft = new Draft(this);
    draft.sendBufferBytes = send;
    draft.receiveBufferBytes = receive;
    return draft.finish();
  }

  /**
   * Chooses the congestion control.
   *
   * @param name one of {@link CongestionControls#names}
   * @return a changed copy
   */
  public ConnectionOptions withCongestionControl(String name) {
    Draft draft = new Draft(this);
    draft.congestionControl = name;
    return draft.finish();
  }

  /**
   * Chooses the differentiated-services code point.
   *
   * @param codePoint 0 to 63
   * @return a changed copy
   */
  public ConnectionOptions withDscp(int codePoint) {
    Draft draft = new Draft(this);
    draft.dscp = codePoint;
    return draft.finish();
  }

  /** A copy under change. */
  private static final class Draft {
    private boolean noDelay;
    private int maxSegmentBytes;
    private Optional<KeepAlive> keepAlive;
    private Duration userTimeout;
    private Optional<Duration> linger;
    private int sendBufferBytes;
    private int receiveBufferBytes;
    private String congestionControl;
    private int dscp;

    Draft(ConnectionOptions from) {
      noDelay = from.noDelay;
      maxSegmentBytes = from.maxSegmentBytes;
      keepAlive = from.keepAlive;
      userTimeout = from.userTimeout;
      linger = from.linger;
      sendBufferBytes = from.sendBufferBytes;
      receiveBufferBytes = from.receiveBufferBytes;
      congestionControl = from.congestionControl;
      dscp = from.dscp;
    }

    ConnectionOptions finish() {
      return new ConnectionOptions(
          noDelay,
          maxSegmentBytes,
          keepAlive,
          userTimeout,
          linger,
          sendBufferBytes,
          receiveBufferBytes,
          congestionControl,
          dscp);
    }
  }
}
