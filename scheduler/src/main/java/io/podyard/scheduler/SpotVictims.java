package io.podyard.scheduler;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which spot groups give way to a request that no host has room for, and on which host: as few as
 * possible, of these the smallest, and of these the youngest. What would fit is asked of the same
 * index that places groups, so zones, kinds of hosts, disks and GPUs count as they always do.
 *
 * <p>The choice is exact for one and for two groups. Of more, the largest go first and those that
 * turn out not to be needed stay.
 */
public final class SpotVictims {

  /** A host and the groups that leave it; none if it has room as it is. */
  public record Choice(HostId host, List<ContainerGroupId> groups) {

    public Choice {
      groups = List.copyOf(groups);
    }
  }

  private record Found(SpotHost host, List<SpotHost.Group> groups) {

    long size() {
      return groups.stream().mapToLong(SpotVictims::weight).sum();
    }

    long age() {
      return groups.stream().mapToLong(group -> group.createdAt().toEpochMilli()).sum();
    }

    Choice choice() {
      return new Choice(
          host.host().id(), groups.stream().map(SpotHost.Group::id).sorted().toList());
    }
  }

  /** Of more groups the pairs are too many to look at each. */
  private static final int MOST_PAIRED = 64;

  private static final long WEIGHT_OF_MILLI_CPU = 4096;
  private static final long WEIGHT_OF_MIB = 1000;

  private static final Comparator<SpotHost.Group> LEAST_HARM =
      Comparator.<SpotHost.Group>comparingLong(SpotVictims::weight)
          .thenComparing(SpotHost.Group::createdAt, Comparator.reverseOrder())
          .thenComparing(SpotHost.Group::id);

  private static final Comparator<Found> BEST =
      Comparator.<Found>comparingInt(found -> found.groups().size())
          .thenComparingLong(Found::size)
          .thenComparing(Comparator.comparingLong(Found::age).reversed())
          .thenComparing(found -> found.host().host().id());

  private SpotVictims() {}

  /** The choice; empty if there would be no room anywhere if all left. */
  public static Optional<Choice> choose(PlacementRequest request, List<SpotHost> hosts) {
    return hosts.stream().flatMap(host -> on(request, host).stream()).min(BEST).map(Found::choice);
  }

  private static Optional<Found> on(PlacementRequest request, SpotHost host) {
    List<SpotHost.Group> groups = host.groups().stream().sorted(LEAST_HARM).toList();
    if (!fits(request, host, groups)) {
      return Optional.empty();
    }
    if (fits(request, host, List.of())) {
      return Optional.of(new Found(host, List.of()));
    }
    Optional<Found> few = one(request, host, groups).or(() -> two(request, host, groups));
    return few.isPresent() ? few : Optional.of(many(request, host, groups));
  }

  private static Optional<Found> one(
      PlacementRequest request, SpotHost host, List<SpotHost.Group> groups) {
    return groups.stream()
        .map(group -> new Found(host, List.of(group)))
        .filter(found -> fits(request, host, found.groups()))
        .findFirst();
  }

  private static Optional<Found> two(
      PlacementRequest request, SpotHost host, List<SpotHost.Group> groups) {
    if (groups.size() > MOST_PAIRED) {
      return Optional.empty();
    }
    List<Found> pairs = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (SpotHost.Group other : groups.subList(i + 1, groups.size())) {
        pairs.add(new Found(host, List.of(groups.get(i), other)));
      }
    }
    return pairs.stream()
        .sorted(BEST)
        .filter(pair -> fits(request, host, pair.groups()))
        .findFirst();
  }

  private static Found many(PlacementRequest request, SpotHost host, List<SpotHost.Group> groups) {
    List<SpotHost.Group> leave = new ArrayList<>();
    for (SpotHost.Group group : groups.reversed()) {
      leave.add(group);
      if (fits(request, host, leave)) {
        break;
      }
    }
    for (SpotHost.Group group : List.copyOf(leave)) {
      List<SpotHost.Group> others = new ArrayList<>(leave);
      others.remove(group);
      if (fits(request, host, others)) {
        leave = others;
      }
    }
    return new Found(host, leave);
  }

  private static boolean fits(
      PlacementRequest request, SpotHost host, List<SpotHost.Group> without) {
    HostId id = host.host().id();
    PlacementIndex index = new PlacementIndex();
    // Whom it is kept for is among those that it is promised to.
    index.put(host.host().withKept(false));
    host.leaving().forEach(taken -> index.release(id, taken));
    without.forEach(group -> index.release(id, group.taken()));
    for (Taken promised : host.promised()) {
      if (!index.reserve(id, promised)) {
        return false;
      }
    }
    return index.pick(request) instanceof PlacementDecision.Placed;
  }

  /** A vCPU weighs as much as 4 GiB. */
  private static long weight(SpotHost.Group group) {
    return group.taken().size().cpu().value() * WEIGHT_OF_MILLI_CPU
        + group.taken().size().memory().value() * WEIGHT_OF_MIB;
  }
}
