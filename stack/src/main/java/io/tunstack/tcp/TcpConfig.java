package io.tunstack.tcp;

import java.time.Duration;

/**
 * TCP's knobs, one stack's. Immutable; {@link #DEFAULT} is what the daemon runs with, and {@link
 * #toBuilder()} starts a changed copy.
 */
public final class TcpConfig {
  /** What RFC 7323's largest shift can express. */
  public static final int MAX_BUFFER_BYTES = 65535 << 14;

  /** The smallest buffer that still holds a segment of 536 bytes and one to spare. */
  public static final int MIN_BUFFER_BYTES = 1280;

  /**
   * The largest initial window: beyond this one does not start slowly, one floods. CDNs use up to
   * some 80.
   */
  public static final int MAX_INITIAL_WINDOW_SEGMENTS = 128;

  /**
   * How far a receive buffer grows by default: all that a window scale of 7 can offer, 8 MB. That
   * is more than senders keep under way by default, so that a fast one writes ahead by itself, on a
   * processor of its own, and does not wait for each acknowledgment; and less than the 10,000
   * packets that the device's queue holds.
   */
  static final int DEFAULT_MAX_RECEIVE_BUFFER_BYTES = 65_535 << 7;

  /** What the daemon runs with. */
  public static final TcpConfig DEFAULT = new Builder().build();

  private final int sendBufferBytes;
  private final int receiveBufferBytes;
  private final int maxReceiveBufferBytes;
  private final Duration delayedAck;
  private final int quickAcks;
  private final Duration initialRto;
  private final Duration minRto;
  private final Duration maxRto;
  private final Duration synTimeout;
  private final Duration synAckTimeout;
  private final Duration userTimeout;
  private final Duration msl;
  private final Duration finWait2Timeout;
  private final int maxConnections;
  private final int maxHalfOpen;
  private final int maxTimeWait;
  private final int maxOutOfOrderRanges;
  private final long maxBufferBytes;
  private final boolean timestamps;
  private final boolean windowScaling;
  private final boolean sack;
  private final boolean synCookies;
  private final int initialWindowSegments;
  private final String congestionControl;
  private final EcnMode ecn;
  private final boolean slowStartAfterIdle;

  private TcpConfig(Builder builder) {
    sendBufferBytes = builder.sendBufferBytes;
    receiveBufferBytes = builder.receiveBufferBytes;
    maxReceiveBufferBytes = Math.max(receiveBufferBytes, builder.maxReceiveBufferBytes);
    delayedAck = builder.delayedAck;
    quickAcks = builder.quickAcks;
    initialRto = builder.initialRto;
    minRto = builder.minRto;
    maxRto = builder.maxRto;
    synTimeout = builder.synTimeout;
    synAckTimeout = builder.synAckTimeout;
    userTimeout = builder.userTimeout;
    msl = builder.msl;
    finWait2Timeout = builder.finWait2Timeout;
    maxConnections = builder.maxConnections;
    maxHalfOpen = builder.maxHalfOpen;
    maxTimeWait = builder.maxTimeWait;
    maxOutOfOrderRanges = builder.maxOutOfOrderRanges;
    maxBufferBytes = builder.maxBufferBytes;
    timestamps = builder.timestamps;
    windowScaling = builder.windowScaling;
    sack = builder.sack;
    synCookies = builder.synCookies;
    initialWindowSegments = builder.initialWindowSegments;
    congestionControl = CongestionControls.require(builder.congestionControl);
    ecn = builder.ecn;
    slowStartAfterIdle = builder.slowStartAfterIdle;
    requireBuffer("sendBufferBytes", sendBufferBytes);
    requireBuffer("receiveBufferBytes", receiveBufferBytes);
    requireBuffer("maxReceiveBufferBytes", maxReceiveBufferBytes);
    if (delayedAck.isNegative() || delayedAck.toMillis() >= 500) {
      throw new IllegalArgumentException(
          "delayedAck is " + delayedAck + "; RFC 9293 §3.8.6.3 wants less than 500 ms");
    }
    if (quickAcks < 0) {
      throw new IllegalArgumentException("quickAcks is " + quickAcks + "; use 0 or more");
    }
    if (minRto.isNegative() || minRto.isZero() || minRto.compareTo(maxRto) > 0) {
      throw new IllegalArgumentException(
          "minRto is " + minRto + "; use something above zero and up to maxRto, " + maxRto);
    }
    if (maxConnections < 1 || maxHalfOpen < 1 || maxTimeWait < 0 || maxOutOfOrderRanges < 1) {
      throw new IllegalArgumentException("every cap on connections and ranges is at least 1");
    }
    if (msl.isNegative() || msl.isZero()) {
      throw new IllegalArgumentException("msl is " + msl + "; use something above zero");
    }
    if (initialWindowSegments < 1 || initialWindowSegments > MAX_INITIAL_WINDOW_SEGMENTS) {
      throw new IllegalArgumentException(
          "initialWindowSegments is "
              + initialWindowSegments
              + "; use 1 to "
              + MAX_INITIAL_WINDOW_SEGMENTS);
    }
  }

  static void requireBuffer(String name, int bytes) {
    if (bytes < MIN_BUFFER_BYTES || bytes > MAX_BUFFER_BYTES) {
      throw new IllegalArgumentException(
          name + " is " + bytes + "; use " + MIN_BUFFER_BYTES + " to " + MAX_BUFFER_BYTES);
    }
  }

  /**
   * Tells how much a connection queues for sending.
   *
   * @return bytes
   */
  public int sendBufferBytes() {
    return sendBufferBytes;
  }

  /**
   * Tells how much a connection keeps unread: the window it offers, to begin with.
   *
   * @return bytes
   */
  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  /**
   * Tells how far the receive buffer may grow by itself, where the application reads that much.
   *
   * @return bytes, {@link #receiveBufferBytes} at least; equal to it if the buffer does not grow
   */
  public int maxReceiveBufferBytes() {
    return maxReceiveBufferBytes;
  }

  /**
   * Tells how long an acknowledgment may wait for company (RFC 9293 §3.8.6.3).
   *
   * @return below 500 ms
   */
  public Duration delayedAck() {
    return delayedAck;
  }

  /**
   * Tells how many acknowledgments leave at once before the first one may wait: the peer's slow
   * start counts them. An application that answers what it receives ends that sooner.
   *
   * @return 0 or more; Linux has 16
   */
  public int quickAcks() {
    return quickAcks;
  }

  /**
   * The retransmission time-out before the first sample (RFC 6298 §2.1).
   *
   * @return a duration
   */
  public Duration initialRto() {
    return initialRto;
  }

  /**
   * The smallest retransmission time-out; RFC 6298 §2.4 says one second, Linux and this stack 200
   * ms.
   *
   * @return a duration
   */
  public Duration minRto() {
    return minRto;
  }

  /**
   * The largest retransmission time-out (RFC 6298 §2.5).
   *
   * @return 60 s or more
   */
  public Duration maxRto() {
    return maxRto;
  }

  /**
   * Tells how long an active open retries (RFC 9293 §3.8.3).
   *
   * @return 3 minutes or more
   */
  public Duration synTimeout() {
    return synTimeout;
  }

  /**
   * Tells how long a half-open connection is kept.
   *
   * @return a duration
   */
  public Duration synAckTimeout() {
    return synAckTimeout;
  }

  /**
   * Tells how long data may stay unacknowledged: R2 of RFC 9293 §3.8.3.
   *
   * @return 100 s or more
   */
  public Duration userTimeout() {
    return userTimeout;
  }

  /**
   * The maximum segment lifetime; TIME-WAIT lasts twice as long.
   *
   * @return a duration
   */
  public Duration msl() {
    return msl;
  }

  /**
   * Tells how long FIN-WAIT-2 lasts once the application has let go.
   *
   * @return a duration
   */
  public Duration finWait2Timeout() {
    return finWait2Timeout;
  }

  /**
   * Tells how many connections there may be, half-open ones included.
   *
   * @return connections
   */
  public int maxConnections() {
    return maxConnections;
  }

  /**
   * Tells how many connections of a listener may be in SYN-RECEIVED.
   *
   * @return connections
   */
  public int maxHalfOpen() {
    return maxHalfOpen;
  }

  /**
   * Tells how many entries may be in TIME-WAIT.
   *
   * @return entries
   */
  public int maxTimeWait() {
    return maxTimeWait;
  }

  /**
   * Tells how many separate out-of-order ranges a connection keeps. Slow start that overflows a
   * queue loses every other segment of a window; those that arrive have to be kept.
   *
   * @return ranges, by default as many as 23 MB have of which every other segment is lost
   */
  public int maxOutOfOrderRanges() {
    return maxOutOfOrderRanges;
  }

  /**
   * Tells how much the slabs of all connections may take together.
   *
   * @return bytes
   */
  public long maxBufferBytes() {
    return maxBufferBytes;
  }

  /**
   * Tells whether RFC 7323 timestamps are offered and accepted.
   *
   * @return true if so
   */
  public boolean timestamps() {
    return timestamps;
  }

  /**
   * Tells whether RFC 7323 window scaling is offered and accepted.
   *
   * @return true if so
   */
  public boolean windowScaling() {
    return windowScaling;
  }

  /**
   * Tells whether RFC 2018 SACK is offered and accepted.
   *
   * @return true if so
   */
  public boolean sack() {
    return sack;
  }

  /**
   * Tells whether SYNs beyond {@link #maxHalfOpen} are answered with cookies (RFC 4987 §3.6), or
   * dropped.
   *
   * @return true if they are answered
   */
  public boolean synCookies() {
    return synCookies;
  }

  /**
   * Tells how many segments a new connection may have in flight (RFC 6928).
   *
   * @return 1 to {@link #MAX_INITIAL_WINDOW_SEGMENTS}
   */
  public int initialWindowSegments() {
    return initialWindowSegments;
  }

  /**
   * Tells which congestion control a new connection has.
   *
   * @return one of {@link CongestionControls#names}
   */
  public String congestionControl() {
    return congestionControl;
  }

  /**
   * Tells what is done about explicit congestion notification (RFC 3168).
   *
   * @return by default {@link EcnMode#WHEN_ASKED}
   */
  public EcnMode ecn() {
    return ecn;
  }

  /**
   * Tells whether a connection that has paused for longer than a time-out begins with the initial
   * window again (RFC 5681 §4.1; Linux's {@code tcp_slow_start_after_idle}). If not, its window is
   * kept for five minutes, and then halved every five (RFC 7661 §4.3, §4.4.3), and what leaves
   * first is spread over the round trip.
   *
   * @return by default true
   */
  public boolean slowStartAfterIdle() {
    return slowStartAfterIdle;
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from these settings.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.sendBufferBytes = sendBufferBytes;
    builder.receiveBufferBytes = receiveBufferBytes;
    builder.maxReceiveBufferBytes = maxReceiveBufferBytes;
    builder.delayedAck = delayedAck;
    builder.quickAcks = quickAcks;
    builder.initialRto = initialRto;
    builder.minRto = minRto;
    builder.maxRto = maxRto;
    builder.synTimeout = synTimeout;
    builder.synAckTimeout = synAckTimeout;
    builder.userTimeout = userTimeout;
    builder.msl = msl;
    builder.finWait2Timeout = finWait2Timeout;
    builder.maxConnections = maxConnections;
    builder.maxHalfOpen = maxHalfOpen;
    builder.maxTimeWait = maxTimeWait;
    builder.maxOutOfOrderRanges = maxOutOfOrderRanges;
    builder.maxBufferBytes = maxBufferBytes;
    builder.timestamps = timestamps;
    builder.windowScaling = windowScaling;
    builder.sack = sack;
    builder.synCookies = synCookies;
    builder.initialWindowSegments = initialWindowSegments;
    builder.congestionControl = congestionControl;
    builder.ecn = ecn;
    builder.slowStartAfterIdle = slowStartAfterIdle;
    return builder;
  }

  /**
   * Changes both buffer sizes.
   *
   * @param sendBytes for sending
   * @param receiveBytes for receiving
   * @return a changed copy
   */
  public TcpConfig withBuffers(int sendBytes, int receiveBytes) {
    return toBuilder().sendBufferBytes(sendBytes).receiveBufferBytes(receiveBytes).build();
  }

  /**
   * Changes the maximum segment lifetime.
   *
   * @param newMsl half of what TIME-WAIT lasts
   * @return a changed copy
   */
  public TcpConfig withMsl(Duration newMsl) {
    return toBuilder().msl(newMsl).build();
  }

  /**
   * Switches the extensions on or off.
   *
   * @param useTimestamps RFC 7323 timestamps
   * @param useWindowScaling RFC 7323 window scaling
   * @param useSack RFC 2018 SACK
   * @return a changed copy
   */
  public TcpConfig withExtensions(
      boolean useTimestamps, boolean useWindowScaling, boolean useSack) {
    return toBuilder()
        .timestamps(useTimestamps)
        .windowScaling(useWindowScaling)
        .sack(useSack)
        .build();
  }

  /**
   * Changes the caps.
   *
   * @param connections connections at most
   * @param halfOpen half-open connections per listener at most
   * @param timeWait TIME-WAIT entries at most
   * @return a changed copy
   */
  public TcpConfig withCaps(int connections, int halfOpen, int timeWait) {
    return toBuilder()
        .maxConnections(connections)
        .maxHalfOpen(halfOpen)
        .maxTimeWait(timeWait)
        .build();
  }

  /**
   * Changes settings one by one; the accessors of {@link TcpConfig} say what each means. Not
   * thread-safe.
   */
  public static final class Builder {
    private int sendBufferBytes = 1 << 20;
    private int receiveBufferBytes = 1 << 20;
    private int maxReceiveBufferBytes = DEFAULT_MAX_RECEIVE_BUFFER_BYTES;
    private Duration delayedAck = Duration.ofMillis(40);
    private int quickAcks = 16;
    private Duration initialRto = Duration.ofSeconds(1);
    private Duration minRto = Duration.ofMillis(200);
    private Duration maxRto = Duration.ofSeconds(60);
    private Duration synTimeout = Duration.ofMinutes(3);
    private Duration synAckTimeout = Duration.ofSeconds(63);
    private Duration userTimeout = Duration.ofMinutes(5);
    private Duration msl = Duration.ofSeconds(30);
    private Duration finWait2Timeout = Duration.ofSeconds(60);
    private int maxConnections = 1 << 20;
    private int maxHalfOpen = 1024;
    private int maxTimeWait = 1 << 17;
    private int maxOutOfOrderRanges = 8192;
    private long maxBufferBytes = 512L << 20;
    private boolean timestamps = true;
    private boolean windowScaling = true;
    private boolean sack = true;
    private boolean synCookies = true;
    private int initialWindowSegments = 10;
    private String congestionControl = CongestionControls.DEFAULT;
    private EcnMode ecn = EcnMode.WHEN_ASKED;
    private boolean slowStartAfterIdle = true;

    private Builder() {}

    /**
     * What a connection queues for sending, at most, bytes.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder sendBufferBytes(int value) {
      sendBufferBytes = value;
      return this;
    }

    /**
     * What a connection keeps unread, bytes: a buffer of this size, which does not grow unless
     * {@link #maxReceiveBufferBytes(int)} says so afterwards.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder receiveBufferBytes(int value) {
      receiveBufferBytes = value;
      maxReceiveBufferBytes = value;
      return this;
    }

    /**
     * How far the receive buffer may grow by itself, bytes.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxReceiveBufferBytes(int value) {
      maxReceiveBufferBytes = value;
      return this;
    }

    /**
     * How long an acknowledgment may wait; below 500 ms.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder delayedAck(Duration value) {
      delayedAck = value;
      return this;
    }

    /**
     * Acknowledgments that leave at once when the peer begins to send.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder quickAcks(int value) {
      quickAcks = value;
      return this;
    }

    /**
     * The retransmission time-out before the first sample.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder initialRto(Duration value) {
      initialRto = value;
      return this;
    }

    /**
     * The smallest retransmission time-out.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder minRto(Duration value) {
      minRto = value;
      return this;
    }

    /**
     * The largest retransmission time-out.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxRto(Duration value) {
      maxRto = value;
      return this;
    }

    /**
     * How long an active open retries.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder synTimeout(Duration value) {
      synTimeout = value;
      return this;
    }

    /**
     * How long a half-open connection is kept.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder synAckTimeout(Duration value) {
      synAckTimeout = value;
      return this;
    }

    /**
     * How long data may stay unacknowledged.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder userTimeout(Duration value) {
      userTimeout = value;
      return this;
    }

    /**
     * The maximum segment lifetime.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder msl(Duration value) {
      msl = value;
      return this;
    }

    /**
     * How long FIN-WAIT-2 lasts without an application.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder finWait2Timeout(Duration value) {
      finWait2Timeout = value;
      return this;
    }

    /**
     * Connections at most.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    /**
     * Connections in SYN-RECEIVED per listener at most.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxHalfOpen(int value) {
      maxHalfOpen = value;
      return this;
    }

    /**
     * Entries in TIME-WAIT at most.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxTimeWait(int value) {
      maxTimeWait = value;
      return this;
    }

    /**
     * Out-of-order ranges per connection at most.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxOutOfOrderRanges(int value) {
      maxOutOfOrderRanges = value;
      return this;
    }

    /**
     * Slabs of all connections together at most, bytes.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder maxBufferBytes(long value) {
      maxBufferBytes = value;
      return this;
    }

    /**
     * Whether RFC 7323 timestamps are used.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder timestamps(boolean value) {
      timestamps = value;
      return this;
    }

    /**
     * Whether RFC 7323 window scaling is used.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder windowScaling(boolean value) {
      windowScaling = value;
      return this;
    }

    /**
     * Whether RFC 2018 SACK is used.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder sack(boolean value) {
      sack = value;
      return this;
    }

    /**
     * Whether SYN cookies are sent when the half-open queue is full.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder synCookies(boolean value) {
      synCookies = value;
      return this;
    }

    /**
     * The initial congestion window, segments.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder initialWindowSegments(int value) {
      initialWindowSegments = value;
      return this;
    }

    /**
     * The congestion control of new connections.
     *
     * @param value one of {@link CongestionControls#names}
     * @return this builder
     */
    public Builder congestionControl(String value) {
      congestionControl = value;
      return this;
    }

    /**
     * What is done about explicit congestion notification.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder ecn(EcnMode value) {
      ecn = value;
      return this;
    }

    /**
     * Whether a pause ends with slow start.
     *
     * @param value see the accessor
     * @return this builder
     */
    public Builder slowStartAfterIdle(boolean value) {
      slowStartAfterIdle = value;
      return this;
    }

    /**
     * Checks and builds.
     *
     * @return the settings
     * @throws IllegalArgumentException if one is out of range
     */
    public TcpConfig build() {
      return new TcpConfig(this);
    }
  }
}
