package io.tunstack.http.client;

import io.tunstack.http.wire.HeadLimits;
import java.time.Duration;

/**
 * What the client bears.
 *
 * @param head sizes of status lines, header sections, trailers and chunk extensions
 * @param connectTimeout how long the handshake may take
 * @param headTimeout how long the response's head may take, from when TCP has taken the last byte
 *     of the request
 * @param idleTimeout how long nothing may come of a body, or be acknowledged of a request
 * @param totalTimeout how long a call may take all in all; zero for no limit
 */
public record ClientLimits(
    HeadLimits head,
    Duration connectTimeout,
    Duration headTimeout,
    Duration idleTimeout,
    Duration totalTimeout) {
  /** As generous as browsers are; with these, every call ends but one that goes on and on. */
  public static final ClientLimits DEFAULT = new Builder().build();

  /**
   * Checks every range.
   *
   * @param head sizes of status lines, header sections, trailers and chunk extensions
   * @param connectTimeout how long the handshake may take
   * @param headTimeout how long the response's head may take, from when TCP has taken the last byte
   *     of the request
   * @param idleTimeout how long nothing may come of a body, or be acknowledged of a request
   * @param totalTimeout how long a call may take all in all; zero for no limit
   */
  public ClientLimits {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("headTimeout", headTimeout);
    requirePositive("idleTimeout", idleTimeout);
    if (totalTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "totalTimeout is " + totalTimeout + "; use zero for none, or more");
    }
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
    /** Servers put whole policies into a field; curl bears 300 kB, browsers 256 kB. */
    private HeadLimits head = new HeadLimits(16_384, 262_144, 1_000, 16_384, 16_384);

    /** Six SYNs with the usual back-off: 1, 2, 4, 8, 16 seconds apart, and a while for the last. */
    private Duration connectTimeout = Duration.ofSeconds(60);

    private Duration headTimeout = Duration.ofMinutes(5);
    private Duration idleTimeout = Duration.ofMinutes(5);
    private Duration totalTimeout = Duration.ZERO;

    private Builder() {}

    /**
     * Sets the sizes of heads and trailers.
     *
     * @param limits the sizes
     * @return this builder
     */
    public Builder head(HeadLimits limits) {
      head = limits;
      return this;
    }

    /**
     * Sets how long the handshake may take.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder connectTimeout(Duration time) {
      connectTimeout = time;
      return this;
    }

    /**
     * Sets how long the response's head may take.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder headTimeout(Duration time) {
      headTimeout = time;
      return this;
    }

    /**
     * Sets how long a body may stand still.
     *
     * @param time more than zero
     * @return this builder
     */
    public Builder idleTimeout(Duration time) {
      idleTimeout = time;
      return this;
    }

    /**
     * Sets how long a call may take all in all.
     *
     * @param time zero for no limit
     * @return this builder
     */
    public Builder totalTimeout(Duration time) {
      totalTimeout = time;
      return this;
    }

    /**
     * Builds the limits.
     *
     * @return immutable
     */
    public ClientLimits build() {
      return new ClientLimits(head, connectTimeout, headTimeout, idleTimeout, totalTimeout);
    }
  }
}
