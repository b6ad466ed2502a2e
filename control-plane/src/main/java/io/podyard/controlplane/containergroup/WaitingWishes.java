package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What groups that wait want of a host. It is read once of each and kept while it waits, because
 * they may be very many and are looked at every second. One that cannot be read, or that placing
 * fails on, is left aside for a while and holds up nobody. By one thread at a time.
 */
final class WaitingWishes {

  /** How long a group is left aside that something is wrong with. */
  static final Duration ASIDE = Duration.ofMinutes(1);

  /** Of so many groups it is kept; those beyond are read each time. */
  private static final int MOST_KEPT = 20_000;

  private static final int MOST_READ_AT_ONCE = 500;

  private static final Logger log = LoggerFactory.getLogger(WaitingWishes.class);

  /**
   * What a group wants.
   *
   * @param generation of the group as it was read
   * @param request what it asks of hosts in the zone where it waits
   * @param images that it needs, hosts with which are preferred
   * @param data by what keys hosts hold the data caches that it mounts; they are preferred to those
   * @param attempts the ways in which they are asked
   * @param vSwitches which it can be in
   * @param bid what it pays as a spot group, null if it pays in full
   */
  record Wish(
      long generation,
      PlacementRequest request,
      ImagesOfGroup images,
      List<String> data,
      List<HostAttempt> attempts,
      VSwitchWish vSwitches,
      boolean hasDisks,
      @Nullable SpotBid bid) {

    /** Where disks are is not known for good: a group of the same request may get new ones. */
    Wish onHost(@Nullable HostId host) {
      return asking(request.onHost(host));
    }

    /** Hosts get copies, and lose them, while it waits. */
    Wish preferring(Map<HostId, Integer> hosts) {
      return asking(request.withImagesOn(hosts));
    }

    private Wish asking(PlacementRequest other) {
      return new Wish(generation, other, images, data, attempts, vSwitches, hasDisks, bid);
    }
  }

  private final WaitingLine line;
  private final GroupDisks disks;
  private final GroupImageCaches imageCaches;
  private final GroupDataCaches dataCaches;
  private final Clock clock;
  private final Map<ContainerGroupId, Wish> wishes = bounded();
  private final Map<ContainerGroupId, Instant> aside = bounded();

  WaitingWishes(
      WaitingLine line,
      GroupDisks disks,
      GroupImageCaches imageCaches,
      GroupDataCaches dataCaches,
      Clock clock) {
    this.line = line;
    this.disks = disks;
    this.imageCaches = imageCaches;
    this.dataCaches = dataCaches;
    this.clock = clock;
  }

  private static <V> Map<ContainerGroupId, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<ContainerGroupId, V> eldest) {
        return size() > MOST_KEPT;
      }
    };
  }

  /** What these groups want; without those that are left aside or wait no more. */
  Map<ContainerGroupId, Wish> of(List<WaitingGroup> groups) {
    Map<ContainerGroupId, Wish> found = new HashMap<>();
    List<ContainerGroupId> unknown = new ArrayList<>();
    Instant now = clock.instant();
    for (WaitingGroup group : groups) {
      Wish wish = wishes.get(group.id());
      if (wish != null && wish.generation() == group.generation()) {
        found.put(group.id(), wish);
      } else if (!isAside(group.id(), now)) {
        unknown.add(group.id());
      }
    }
    for (int from = 0; from < unknown.size(); from += MOST_READ_AT_ONCE) {
      int to = Math.min(unknown.size(), from + MOST_READ_AT_ONCE);
      for (GroupRecord group : line.read(unknown.subList(from, to), this::leaveAside)) {
        Wish wish = wish(group);
        wishes.put(group.id(), wish);
        found.put(group.id(), wish);
      }
    }
    return preferring(onTheirHosts(found));
  }

  /** What a group wants, or would want if it had no host. */
  static Wish wish(GroupRecord group) {
    return new Wish(
        group.generation(),
        new PlacementRequest(group.region(), group.zone(), null, group.size())
            .withDisk(group.spec().ephemeralMib())
            .withGpus(GpuRules.request(group.spec())),
        ImagesOfGroup.of(
            group.account(), group.region(), group.spec(), group.spec().cachedImages()),
        dataOf(group.spec()),
        HostAttempt.of(group.kept(), group.spec()),
        VSwitchWish.of(group),
        GroupDisks.haveAny(group.spec()),
        SpotBid.of(group));
  }

  private static List<String> dataOf(GroupSpec spec) {
    return spec.volumes().stream()
        .flatMap(
            volume ->
                volume instanceof VolumeSpec.DataCache data
                    ? Stream.of(data.cache())
                    : Stream.empty())
        .toList();
  }

  private Map<ContainerGroupId, Wish> onTheirHosts(Map<ContainerGroupId, Wish> found) {
    List<ContainerGroupId> withDisks =
        found.entrySet().stream()
            .filter(entry -> entry.getValue().hasDisks())
            .map(Map.Entry::getKey)
            .toList();
    Map<ContainerGroupId, HostId> hosts = disks.hostsOf(withDisks);
    Map<ContainerGroupId, Wish> there = new HashMap<>();
    found.forEach((id, wish) -> there.put(id, wish.onHost(hosts.get(id))));
    return there;
  }

  /** As a group that is made now would be placed. */
  private Map<ContainerGroupId, Wish> preferring(Map<ContainerGroupId, Wish> found) {
    Set<List<CachedImage>> images =
        found.values().stream()
            .map(wish -> wish.images().cached())
            .filter(list -> !list.isEmpty())
            .collect(Collectors.toSet());
    Set<String> data =
        found.values().stream().flatMap(wish -> wish.data().stream()).collect(Collectors.toSet());
    Map<List<CachedImage>, Map<HostId, Integer>> withImages =
        images.isEmpty() ? Map.of() : imageCaches.hosts(images);
    Map<String, Set<HostId>> withData = data.isEmpty() ? Map.of() : dataCaches.hosts(data);
    Map<ContainerGroupId, Wish> preferring = new HashMap<>();
    found.forEach(
        (id, wish) -> {
          Map<HostId, Integer> hosts =
              PreferredHosts.of(
                  wish.data().stream().map(key -> withData.getOrDefault(key, Set.of())).toList(),
                  PreferredHosts.more(
                      withImages.getOrDefault(wish.images().cached(), Map.of()),
                      imageCaches.pulled(wish.images())));
          preferring.put(id, hosts.isEmpty() ? wish : wish.preferring(hosts));
        });
    return preferring;
  }

  private boolean isAside(ContainerGroupId group, Instant now) {
    @Nullable Instant until = aside.get(group);
    return until != null && now.isBefore(until);
  }

  /** Looks at the group no more for a while. */
  void leaveAside(ContainerGroupId group, Throwable why) {
    wishes.remove(group);
    aside.put(group, clock.instant().plus(ASIDE));
    try (LogScope _ = LogScope.ofGroup(group)) {
      Mishaps.tell(log, Loop.WAITING, "group " + group + " cannot be looked at for now", why);
    }
  }
}
