package io.tunstack.net;

/** What stands in for other hosts until it is closed. Engine thread only. */
public interface Forwarder extends AutoCloseable {
  /**
   * Stops. What waits for a decision is forgotten, half-open connections are reset, established
   * ones live on. A second call does nothing.
   */
  @Override
  void close();
}
