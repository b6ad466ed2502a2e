package io.podyard.controlplane.quota;

import io.podyard.model.MilliCpu;

/** What the groups of an account use more in a region than before, or less. */
public record QuotaWant(long milliCpu, long groups) {

  /** Nothing more, and maybe less. */
  static final QuotaWant NOTHING = new QuotaWant(0, 0);

  /** One more group. */
  public static QuotaWant group(MilliCpu cpu) {
    return new QuotaWant(cpu.value(), 1);
  }

  public QuotaWant plus(QuotaWant other) {
    return new QuotaWant(milliCpu + other.milliCpu, groups + other.groups);
  }
}
