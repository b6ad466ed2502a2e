package io.podyard.runtime.contract;

import io.podyard.runtime.Fence;

/** The right to drive, held for good. */
public record OpenFence(long epoch) implements Fence {

  @Override
  public void check() {}
}
