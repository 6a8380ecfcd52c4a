package io.tunstack.http;

import io.tunstack.http.wire.HeadLimits;
import java.time.Duration;

/**
 * What the server bears: sizes, and how long it waits. Immutable; {@link #DEFAULT} is what the
 * daemon runs with.
 *
 * @param head sizes of request lines, header sections, trailers and chunk extensions
 * @param bodyBytes the body of a request to a route that says nothing else
 * @param discardBytes a body that nobody reads is thrown away up to this size, so that the
 *     connection can go on; beyond it the connection is ended
 * @param lingerBytes what is still read and thrown away after the last response, so that a RST does
 *     not destroy it (RFC 9112 §9.6)
 * @param lingerTime how long that goes on
 * @param idleTimeout how long a connection may be silent between requests
 * @param headTimeout how long a request's head may take, from its first byte; of a connection's
 *     first request, from the handshake
 * @param bodyTimeout the window in which at least {@link #MIN_BODY_BYTES} of a body must come
 * @param writeTimeout the window in which the client must acknowledge something of a response
 */
public record HttpLimits(
    HeadLimits head,
    long bodyBytes,
    long discardBytes,
    long lingerBytes,
    Duration lingerTime,
    Duration idleTimeout,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration writeTimeout) {
  /**
   * What a body must bring in each {@code bodyTimeout}: less than any modem did, more than is cheap
   * for somebody who only wants to hold connections.
   */
  public static final int MIN_BODY_BYTES = 1_024;

  /** What the daemon runs with. */
  public static final HttpLimits DEFAULT = new Builder().build();

  /**
   * Checks every range.
   *
   * @param head sizes of request lines, header sections, trailers and chunk extensions
   * @param bodyBytes the body of a request to a route that says nothing else
   * @param discardBytes a body that nobody reads is thrown away up to this size, so that the
   *     connection can go on; beyond it the connection is ended
   * @param lingerBytes what is still read and thrown away after the last response, so that a RST
   *     does not destroy it (RFC 9112 §9.6)
   * @param lingerTime how long that goes on
   * @param idleTimeout how long a connection may be silent between requests
   * @param headTimeout how long a request's head may take, from its first byte; of a connection's
   *     first request, from the handshake
   * @param bodyTimeout the window in which at least {@link #MIN_BODY_BYTES} of a body must come
   * @param writeTimeout the window in which the client must acknowledge something of a response
   */
  public HttpLimits {
    if (bodyBytes < 0 || discardBytes < 0 || lingerBytes < 0) {
      throw new IllegalArgumentException("bodyBytes, discardBytes and lingerBytes are 0 or more");
    }
    requirePositive("lingerTime", lingerTime);
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("headTimeout", headTimeout);
    requirePositive("bodyTimeout", bodyTimeout);
    requirePositive("writeTimeout", writeTimeout);
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " is " + duration + "; use more than zero");
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

  /** Changes some of the defaults. */
  public static final class Builder {
    /** Twice what RFC 9112 §3 asks for. */
    private int requestLineBytes = 16_384;

    /** Browsers with many cookies stay below 16 KiB. */
    private int headerSectionBytes = 32_768;

    private int fields = 256;
    private int trailerBytes = 8_192;
    private int chunkExtensionBytes = 16_384;
    private long bodyBytes = 1L << 20;
    private long discardBytes = 1L << 18;
    private long lingerBytes = 32L << 20;
    private Duration lingerTime = Duration.ofSeconds(5);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration headTimeout = Duration.ofSeconds(20);
    private Duration bodyTimeout = Duration.ofSeconds(30);
    private Duration writeTimeout = Duration.ofSeconds(30);

    private Builder() {}

    /**
     * Sets the sizes of a request's head.
     *
     * @param lineBytes the request line
     * @param sectionBytes all header fields together
     * @param fieldCount how many fields
     * @return this builder
     */
    public Builder head(int lineBytes, int sectionBytes, int fieldCount) {
      requestLineBytes = lineBytes;
      headerSectionBytes = sectionBytes;
      fields = fieldCount;
      return this;
    }

    /**
     * Sets what a chunked body may have beside its data.
     *
     * @param trailers bytes of trailer fields
     * @param extensions bytes of chunk extensions
     * @return this builder
     */
    public Builder chunked(int trailers, int extensions) {
      trailerBytes = trailers;
      chunkExtensionBytes = extensions;
      return this;
    }

    /**
     * Sets the largest body of a route that says nothing else.
     *
     * @param bytes 0 or more
     * @return this builder
     */
    public Builder bodyBytes(long bytes) {
      bodyBytes = bytes;
      return this;
    }

    /**
     * Sets how much of an unwanted body is thrown away before the connection is ended instead.
     *
     * @param bytes 0 or more
     * @return this builder
     */
    public Builder discardBytes(long bytes) {
      discardBytes = bytes;
      return this;
    }

    /**
     * Sets how the end of a connection is drawn out.
     *
     * @param bytes read and thrown away at most
     * @param time at most
     * @return this builder
     */
    public Builder linger(long bytes, Duration time) {
      lingerBytes = bytes;
      lingerTime = time;
      return this;
    }

    /**
     * Sets how long a connection may be silent between requests.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder idleTimeout(Duration time) {
      idleTimeout = time;
      return this;
    }

    /**
     * Sets how long a head may take.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder headTimeout(Duration time) {
      headTimeout = time;
      return this;
    }

    /**
     * Sets the window in which a body must make progress.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder bodyTimeout(Duration time) {
      bodyTimeout = time;
      return this;
    }

    /**
     * Sets the window in which a response must make progress.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder writeTimeout(Duration time) {
      writeTimeout = time;
      return this;
    }

    /**
     * Builds the limits.
     *
     * @return immutable
     */
    public HttpLimits build() {
      HeadLimits head =
          new HeadLimits(
              requestLineBytes, headerSectionBytes, fields, trailerBytes, chunkExtensionBytes);
      return new HttpLimits(
          head,
          bodyBytes,
          discardBytes,
          lingerBytes,
          lingerTime,
          idleTimeout,
          headTimeout,
          bodyTimeout,
          writeTimeout);
    }
  }
}
