package io.tunstack.tcp;

import java.time.Duration;

/**
 * TCP's knobs, one stack's. Immutable; {@link #DEFAULT} is what the daemon runs with, and {@link
 * #toBuilder()} starts a changed copy.
 *
 * @param sendBufferBytes what a connection queues for sending, at most
 * @param receiveBufferBytes what a connection keeps unread, at most: the window it offers
 * @param delayedAck how long an acknowledgment may wait for company (RFC 9293 §3.8.6.3: below 500
 *     ms)
 * @param initialRto the retransmission time-out before the first sample (RFC 6298 §2.1)
 * @param minRto its lower bound; RFC 6298 §2.4 says one second, Linux and this stack 200 ms
 * @param maxRto its upper bound (RFC 6298 §2.5: at least 60 s)
 * @param synTimeout how long an active open retries (RFC 9293 §3.8.3: at least 3 minutes)
 * @param synAckTimeout how long a half-open connection is kept
 * @param userTimeout how long data may stay unacknowledged (RFC 9293 §3.8.3's R2: at least 100 s)
 * @param msl the maximum segment lifetime; TIME-WAIT lasts twice as long
 * @param finWait2Timeout how long FIN-WAIT-2 lasts after the application let go of the connection
 * @param maxConnections connections at most, half-open ones included
 * @param maxHalfOpen connections in SYN-RECEIVED at most, per listener
 * @param maxTimeWait entries in TIME-WAIT at most
 * @param maxOutOfOrderRanges separate out-of-order ranges kept per connection, at most
 * @param maxBufferBytes slabs of all connections together, at most, in bytes
 * @param timestamps whether RFC 7323 timestamps are offered and accepted
 * @param windowScaling whether RFC 7323 window scaling is offered and accepted
 * @param sack whether RFC 2018 SACK is offered and accepted
 */
public record TcpConfig(
    int sendBufferBytes,
    int receiveBufferBytes,
    Duration delayedAck,
    Duration initialRto,
    Duration minRto,
    Duration maxRto,
    Duration synTimeout,
    Duration synAckTimeout,
    Duration userTimeout,
    Duration msl,
    Duration finWait2Timeout,
    int maxConnections,
    int maxHalfOpen,
    int maxTimeWait,
    int maxOutOfOrderRanges,
    long maxBufferBytes,
    boolean timestamps,
    boolean windowScaling,
    boolean sack) {

  /** What RFC 7323's largest shift can express. */
  public static final int MAX_BUFFER_BYTES = 65535 << 14;

  /** The smallest buffer that still holds a segment of 536 bytes and one to spare. */
  public static final int MIN_BUFFER_BYTES = 1280;

  /** What the daemon runs with. */
  public static final TcpConfig DEFAULT = new Builder().build();

  /** Checks every range. */
  public TcpConfig {
    requireBuffer("sendBufferBytes", sendBufferBytes);
    requireBuffer("receiveBufferBytes", receiveBufferBytes);
    if (delayedAck.isNegative() || delayedAck.toMillis() >= 500) {
      throw new IllegalArgumentException(
          "delayedAck is " + delayedAck + "; RFC 9293 §3.8.6.3 wants less than 500 ms");
    }
    if (minRto.isNegative() || minRto.isZero() || minRto.compareTo(maxRto) > 0) {
      throw new IllegalArgumentException(
          "minRto is " + minRto + "; use something above zero and up to maxRto, " + maxRto);
    }
    if (maxConnections < 1 || maxHalfOpen < 1 || maxTimeWait < 0 || maxOutOfOrderRanges < 1) {
      throw new IllegalArgumentException("every cap on connections and ranges is at least 1");
    }
  }

  private static void requireBuffer(String name, int bytes) {
    if (bytes < MIN_BUFFER_BYTES || bytes > MAX_BUFFER_BYTES) {
      throw new IllegalArgumentException(
          name + " is " + bytes + "; use " + MIN_BUFFER_BYTES + " to " + MAX_BUFFER_BYTES);
    }
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
    builder.delayedAck = delayedAck;
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

  /** Changes settings one by one; the record says what each means. Not thread-safe. */
  public static final class Builder {
    private int sendBufferBytes = 1 << 20;
    private int receiveBufferBytes = 1 << 20;
    private Duration delayedAck = Duration.ofMillis(40);
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
    private int maxOutOfOrderRanges = 512;
    private long maxBufferBytes = 512L << 20;
    private boolean timestamps = true;
    private boolean windowScaling = true;
    private boolean sack = true;

    private Builder() {}

    /**
     * What a connection queues for sending, at most, bytes.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder sendBufferBytes(int value) {
      sendBufferBytes = value;
      return this;
    }

    /**
     * What a connection keeps unread, at most, bytes.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder receiveBufferBytes(int value) {
      receiveBufferBytes = value;
      return this;
    }

    /**
     * How long an acknowledgment may wait; below 500 ms.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder delayedAck(Duration value) {
      delayedAck = value;
      return this;
    }

    /**
     * The retransmission time-out before the first sample.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder initialRto(Duration value) {
      initialRto = value;
      return this;
    }

    /**
     * The smallest retransmission time-out.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder minRto(Duration value) {
      minRto = value;
      return this;
    }

    /**
     * The largest retransmission time-out.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxRto(Duration value) {
      maxRto = value;
      return this;
    }

    /**
     * How long an active open retries.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder synTimeout(Duration value) {
      synTimeout = value;
      return this;
    }

    /**
     * How long a half-open connection is kept.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder synAckTimeout(Duration value) {
      synAckTimeout = value;
      return this;
    }

    /**
     * How long data may stay unacknowledged.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder userTimeout(Duration value) {
      userTimeout = value;
      return this;
    }

    /**
     * The maximum segment lifetime.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder msl(Duration value) {
      msl = value;
      return this;
    }

    /**
     * How long FIN-WAIT-2 lasts without an application.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder finWait2Timeout(Duration value) {
      finWait2Timeout = value;
      return this;
    }

    /**
     * Connections at most.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    /**
     * Connections in SYN-RECEIVED per listener at most.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxHalfOpen(int value) {
      maxHalfOpen = value;
      return this;
    }

    /**
     * Entries in TIME-WAIT at most.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxTimeWait(int value) {
      maxTimeWait = value;
      return this;
    }

    /**
     * Out-of-order ranges per connection at most.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxOutOfOrderRanges(int value) {
      maxOutOfOrderRanges = value;
      return this;
    }

    /**
     * Slabs of all connections together at most, bytes.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder maxBufferBytes(long value) {
      maxBufferBytes = value;
      return this;
    }

    /**
     * Whether RFC 7323 timestamps are used.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder timestamps(boolean value) {
      timestamps = value;
      return this;
    }

    /**
     * Whether RFC 7323 window scaling is used.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder windowScaling(boolean value) {
      windowScaling = value;
      return this;
    }

    /**
     * Whether RFC 2018 SACK is used.
     *
     * @param value see the record
     * @return this builder
     */
    public Builder sack(boolean value) {
      sack = value;
      return this;
    }

    /**
     * Checks and builds.
     *
     * @return the settings
     * @throws IllegalArgumentException if one is out of range
     */
    public TcpConfig build() {
      return new TcpConfig(
          sendBufferBytes,
          receiveBufferBytes,
          delayedAck,
          initialRto,
          minRto,
          maxRto,
          synTimeout,
          synAckTimeout,
          userTimeout,
          msl,
          finWait2Timeout,
          maxConnections,
          maxHalfOpen,
          maxTimeWait,
          maxOutOfOrderRanges,
          maxBufferBytes,
          timestamps,
          windowScaling,
          sack);
    }
  }
}
