package io.podyard.controlplane.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an account may have in a region unless the operator sets it otherwise for the account.
 *
 * @param maxCpu vCPU of its live groups together
 * @param maxContainerGroup live groups
 * @param maxImageCacheCount image caches it makes
 * @param maxAutoImageCacheCount image caches made by themselves
 * @param maxDataCacheCount data caches
 * @param maxVSwitch vSwitches, the same for every account; those that groups register by their
 *     first use count, and are never refused
 */
public record QuotaSettings(
    @DefaultValue("1000") long maxCpu,
    @DefaultValue("2000") long maxContainerGroup,
    @DefaultValue("500") long maxImageCacheCount,
    @DefaultValue("25") long maxAutoImageCacheCount,
    @DefaultValue("100") long maxDataCacheCount,
    @DefaultValue("100") long maxVSwitch) {

  private static final long LARGEST = 1_000_000_000;

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public QuotaSettings {
    check("MAXCPU", maxCpu);
    check("MAXCONTAINERGROUP", maxContainerGroup);
    check("MAXIMAGECACHECOUNT", maxImageCacheCount);
    check("MAXAUTOIMAGECACHECOUNT", maxAutoImageCacheCount);
    check("MAXDATACACHECOUNT", maxDataCacheCount);
    check("MAXVSWITCH", maxVSwitch);
  }

  private static void check(String name, long maximum) {
    if (maximum < 0 || maximum > LARGEST) {
      throw new IllegalArgumentException(
          "PODYARD_QUOTAS_%s must be from 0 to %d, not %d".formatted(name, LARGEST, maximum));
    }
  }
}
