package io.tunstack.tcp;

import java.time.Duration;

/**
 * TCP's knobs, one stack's. Immutable; {@link #DEFAULT} is what the daemon runs with, and each
 * {@code with…} method answers a changed copy.
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
  public static final TcpConfig DEFAULT =
      new TcpConfig(
          1 << 20,
          1 << 20,
          Duration.ofMillis(40),
          Duration.ofSeconds(1),
          Duration.ofMillis(200),
          Duration.ofSeconds(60),
          Duration.ofSeconds(180),
          Duration.ofSeconds(63),
          Duration.ofSeconds(300),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          1 << 20,
          1024,
          1 << 17,
          512,
          512L << 20,
          true,
          true,
          true);

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
   * Changes both buffer sizes.
   *
   * @param sendBytes for sending
   * @param receiveBytes for receiving
   * @return a changed copy
   */
  public TcpConfig withBuffers(int sendBytes, int receiveBytes) {
    return new TcpConfig(
        sendBytes,
        receiveBytes,
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

  /**
   * Changes the maximum segment lifetime.
   *
   * @param newMsl half of what TIME-WAIT lasts
   * @return a changed copy
   */
  public TcpConfig withMsl(Duration newMsl) {
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
        newMsl,
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
        useTimestamps,
        useWindowScaling,
        useSack);
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
        connections,
        halfOpen,
        timeWait,
        maxOutOfOrderRanges,
        maxBufferBytes,
        timestamps,
        windowScaling,
        sack);
  }
}
