package io.podyard.runtime;

/**
 * The right to drive hosts, held by lease. A runtime asks right before each call that changes
 * something on a host; engines that know epochs refuse older ones, the others get the epoch as a
 * label.
 */
public interface Fence {

  /** Grows with each new holder of the shard. */
  long epoch();

  /**
   * @throws StaleFenceException if the lease is over or may be over
   */
  void check() throws StaleFenceException;
}
