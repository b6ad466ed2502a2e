package io.podyard.runtime;

/**
 * Text that must never be shown: a registry password, a configuration file, a hidden environment
 * value. Whoever stores it encrypts it; {@link #toString()} does not tell it.
 */
public record Secret(String reveal) {

  @Override
  public String toString() {
    return "***";
  }
}
