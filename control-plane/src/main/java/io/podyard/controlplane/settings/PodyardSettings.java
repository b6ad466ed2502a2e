package io.podyard.controlplane.settings;

import io.podyard.model.RegionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All settings of the server, {@code podyard.*} in a file or {@code PODYARD_*} in the environment.
 *
 * @param dataDir where the embedded database and keys are kept
 * @param runtime where groups run: {@code auto}, {@code docker}, {@code simulated}, or {@code none}
 *     for nowhere but on hosts that are declared
 * @param inventory the file that declares zones, pools and hosts, null for none
 * @param instanceTypes the file that declares instance types beside those that come along, null for
 *     none
 * @param region the region requests mean that name none
 * @param zones zones of that region; empty for the well-known ones of the region or a, b, c
 * @param zonesWithoutHosts whether the region's hosts take groups for a zone that has none
 * @param vSwitches whether a vSwitch that was never seen is registered
 * @param accessKeyId first account's key, null to make one
 * @param accessKeySecret first account's secret, null to make one
 * @param publicUrl the address clients use, null for the one bound
 * @param shards into how many shards hosts are divided when they are registered, 1 to 1024
 * @param schedulingDeadline how long a group may wait for a host
 * @param keepHostAfter how long a group that no host has room for waits until one is kept for it
 * @param finalRecordsKept how long every final record is shown
 * @param finalRecordsPerRegion how many final records of an account and region are shown after that
 * @param historyMonths how many months what ended is known after that, 1 or more
 * @param usageMonths how many months it is known what groups used that ended, 1 or more
 * @param orphanGrace how long something unknown is watched on a host before it is removed
 * @param simulatedSocket where the simulated hosts listen, null for beside the data; processes that
 *     share a database share it
 * @param cpuOvercommit allocatable vCPU of a Docker host as a multiple of its real ones
 * @param rateLimits how often an account may call an operation, by the operation's name in any
 *     case; an operation without one may be called as often as one likes
 * @param docker how groups run on a Docker Engine
 * @param content what is kept of what registries sent
 * @param logs how much is kept of the logs of containers
 * @param commits how images are made of containers
 * @param imageCaches how image caches are made
 * @param dataCaches how data caches are made
 * @param exec commands that are talked with, and logs that are followed
 * @param allowedCapabilities which of {@code NET_ADMIN} and {@code NET_RAW} containers may add;
 *     whoever has NET_ADMIN reaches what is closed to groups, the host's ports among it
 * @param allowedSysctls which kernel parameters groups may set beyond the safe ones: names, or
 *     beginnings of names with a {@code *} behind
 * @param metrics how the use of groups is looked at
 * @param quotas what an account may have
 * @param ops operations tasks
 * @param host when hosts that do not answer are given up
 * @param examplePrices whether items without any price get invented ones
 * @param spot spot groups
 * @param settlement when accounts are charged for an hour
 * @param bill when bills are closed and how they are rounded
 * @param budgets budgets of accounts
 */
@ConfigurationProperties("podyard")
public record PodyardSettings(
    @DefaultValue(".podyard") Path dataDir,
    @DefaultValue("auto") String runtime,
    @Nullable Path inventory,
    @Nullable Path instanceTypes,
    @DefaultValue("cn-hangzhou") String region,
    @DefaultValue({}) List<String> zones,
    @DefaultValue("served") ZonesWithoutHosts zonesWithoutHosts,
    @DefaultValue("first-use") VSwitchRule vSwitches,
    @Nullable String accessKeyId,
    @Nullable String accessKeySecret,
    @Nullable String publicUrl,
    @DefaultValue("8") int shards,
    @DefaultValue("10m") Duration schedulingDeadline,
    @DefaultValue("5m") Duration keepHostAfter,
    @DefaultValue("1h") Duration finalRecordsKept,
    @DefaultValue("100") int finalRecordsPerRegion,
    @DefaultValue("13") int historyMonths,
    @DefaultValue("13") int usageMonths,
    @DefaultValue("5s") Duration orphanGrace,
    @Nullable Path simulatedSocket,
    @DefaultValue("1") int cpuOvercommit,
    @DefaultValue Map<String, RateLimit> rateLimits,
    @DefaultValue DockerSettings docker,
    @DefaultValue ContentSettings content,
    @DefaultValue LogSettings logs,
    @DefaultValue CommitSettings commits,
    @DefaultValue ImageCacheSettings imageCaches,
    @DefaultValue DataCacheSettings dataCaches,
    @DefaultValue ExecSettings exec,
    @DefaultValue({}) Set<String> allowedCapabilities,
    @DefaultValue({}) Set<String> allowedSysctls,
    @DefaultValue MetricSettings metrics,
    @DefaultValue QuotaSettings quotas,
    @DefaultValue OpsSettings ops,
    @DefaultValue HostSettings host,
    @DefaultValue("false") boolean examplePrices,
    @DefaultValue SpotSettings spot,
    @DefaultValue SettlementSettings settlement,
    @DefaultValue BillSettings bill,
    @DefaultValue BudgetSettings budgets) {

  /** A shard costs every process a little, and no installation has so many processes. */
  private static final int MOST_SHARDS = 1024;

  /** Of the namespaces that are a group's own. */
  private static final Pattern SYSCTL =
      Pattern.compile("(net\\.|kernel\\.(shm|msg|sem)|fs\\.mqueue\\.)[a-zA-Z0-9_.-]*\\*?");

  private static final Set<String> CAPABILITIES = Set.of("NET_ADMIN", "NET_RAW");

  /**
   * @throws IllegalArgumentException if nothing of the history or the usage would be kept, there
   *     would be no shards or far too many, or a capability or a kernel parameter can be allowed to
   *     nobody
   */
  public PodyardSettings {
    if (historyMonths < 1) {
      throw new IllegalArgumentException(
          "PODYARD_HISTORY_MONTHS is %d; it must be 1 or more".formatted(historyMonths));
    }
    if (usageMonths < 1) {
      throw new IllegalArgumentException(
          "PODYARD_USAGE_MONTHS is %d; it must be 1 or more".formatted(usageMonths));
    }
    if (shards < 1 || shards > MOST_SHARDS) {
      throw new IllegalArgumentException(
          "PODYARD_SHARDS is %d; it can be 1 to %d".formatted(shards, MOST_SHARDS));
    }
    zones = List.copyOf(zones);
    rateLimits = Map.copyOf(rateLimits);
    allowedCapabilities = stripped(allowedCapabilities);
    allowedSysctls = stripped(allowedSysctls);
    for (String name : allowedSysctls) {
      if (!SYSCTL.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "PODYARD_ALLOWED_SYSCTLS can hold names that begin with net., kernel.shm, kernel.msg,"
                + " kernel.sem or fs.mqueue., not "
                + name);
      }
    }
    if (!CAPABILITIES.containsAll(allowedCapabilities)) {
      throw new IllegalArgumentException(
          "PODYARD_ALLOWED_CAPABILITIES can hold NET_ADMIN and NET_RAW, not "
              + new TreeSet<>(allowedCapabilities));
    }
  }

  private static Set<String> stripped(Set<String> names) {
    return names.stream()
        .filter(name -> !name.isBlank())
        .map(String::strip)
        .collect(Collectors.toUnmodifiableSet());
  }

  public RegionId regionId() {
    return new RegionId(region);
  }
}
