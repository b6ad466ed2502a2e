package io.podyard.scheduler;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Which spot groups give way to a request that no host has room for, and on which host: as few as
 * possible, of these the smallest, and of these the youngest. What would fit is asked of the same
 * index that places groups, so zones, kinds of hosts, disks and GPUs count as they always do.
 *
 * <p>The choice is exact for one and for two groups. Of more, those that have most of something go
 * first, those that turn out not to be needed stay, and the best of some such tries counts.
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
  private static final long WEIGHT_OF_MILLI_GPU = 16 * WEIGHT_OF_MILLI_CPU;

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
    List<Trial> possible =
        hosts.stream()
            .map(host -> new Trial(request, host))
            .filter(trial -> trial.fits(trial.groups()))
            .toList();
    // Fewer are better, so more are looked for only where no host will do with fewer.
    return best(possible, SpotVictims::none)
        .or(() -> best(possible, SpotVictims::one))
        .or(() -> best(possible, SpotVictims::two))
        .or(() -> best(possible, SpotVictims::many))
        .map(Found::choice);
  }

  private static Optional<Found> best(
      List<Trial> possible, Function<Trial, Optional<Found>> looking) {
    return possible.stream().flatMap(trial -> looking.apply(trial).stream()).min(BEST);
  }

  private static Optional<Found> none(Trial trial) {
    return trial.fits(List.of()) ? Optional.of(trial.found(List.of())) : Optional.empty();
  }

  private static Optional<Found> one(Trial trial) {
    return trial.groups().stream()
        .map(group -> trial.found(List.of(group)))
        .filter(found -> trial.fits(found.groups()))
        .findFirst();
  }

  private static Optional<Found> two(Trial trial) {
    List<SpotHost.Group> groups = trial.groups();
    if (groups.size() > MOST_PAIRED) {
      return Optional.empty();
    }
    List<Found> pairs = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (SpotHost.Group other : groups.subList(i + 1, groups.size())) {
        pairs.add(trial.found(List.of(groups.get(i), other)));
      }
    }
    return pairs.stream().sorted(BEST).filter(pair -> trial.fits(pair.groups())).findFirst();
  }

  private static Optional<Found> many(Trial trial) {
    return orders(trial).stream().map(order -> many(trial, order)).min(BEST);
  }

  /** Groups that have much of something come first, those that share a GPU one after the other. */
  private static List<List<SpotHost.Group>> orders(Trial trial) {
    List<SpotHost.Group> largest = trial.groups().reversed();
    List<List<SpotHost.Group>> orders = new ArrayList<>();
    orders.add(largest);
    if (trial.request().diskMib() > 0) {
      orders.add(most(largest, group -> group.taken().diskMib()));
    }
    if (!trial.request().gpus().equals(GpuRequest.NONE)) {
      orders.add(most(largest, group -> group.taken().gpuMilli()));
      orders.add(byDevice(largest));
    }
    return orders;
  }

  private static List<SpotHost.Group> most(
      List<SpotHost.Group> groups, ToIntFunction<SpotHost.Group> of) {
    return groups.stream().sorted(Comparator.comparingInt(of).reversed()).toList();
  }

  /** The GPU that fewest are on first, then the next; those on none last. */
  private static List<SpotHost.Group> byDevice(List<SpotHost.Group> groups) {
    int[] on = new int[GpuRequest.MOST];
    for (SpotHost.Group group : groups) {
      for (long left = group.taken().gpuDevices(); left != 0; left &= left - 1) {
        on[Long.numberOfTrailingZeros(left)]++;
      }
    }
    return groups.stream().sorted(Comparator.comparingInt(group -> device(group, on))).toList();
  }

  /** The place in that order of the first GPU that a group is on. */
  private static int device(SpotHost.Group group, int[] on) {
    int first = Integer.MAX_VALUE;
    for (long left = group.taken().gpuDevices(); left != 0; left &= left - 1) {
      int device = Long.numberOfTrailingZeros(left);
      first = Math.min(first, on[device] * GpuRequest.MOST + device);
    }
    return first;
  }

  private static Found many(Trial trial, List<SpotHost.Group> order) {
    List<SpotHost.Group> leave = new ArrayList<>();
    for (SpotHost.Group group : order) {
      leave.add(group);
      if (trial.fits(leave)) {
        break;
      }
    }
    for (SpotHost.Group group : List.copyOf(leave)) {
      List<SpotHost.Group> others = new ArrayList<>(leave);
      others.remove(group);
      if (trial.fits(others)) {
        leave = others;
      }
    }
    return trial.found(leave);
  }

  /** A host and what it would be without some of its groups. */
  private static final class Trial {

    private final PlacementRequest request;
    private final SpotHost host;
    private final List<SpotHost.Group> groups;
    private final PlacementIndex index = new PlacementIndex();

    Trial(PlacementRequest request, SpotHost host) {
      this.request = request;
      this.host = host;
      this.groups = host.groups().stream().sorted(LEAST_HARM).toList();
    }

    PlacementRequest request() {
      return request;
    }

    /** Those that do least harm first. */
    List<SpotHost.Group> groups() {
      return groups;
    }

    Found found(List<SpotHost.Group> leave) {
      return new Found(host, leave);
    }

    /** Whether there is room without these, beside all that is promised to others. */
    boolean fits(List<SpotHost.Group> without) {
      HostId id = host.host().id();
      // Whom it is kept for is among those that it is promised to.
      index.put(host.host().withKept(false));
      host.leaving().forEach(taken -> index.release(id, taken));
      without.forEach(group -> index.release(id, group.taken()));
      return host.promised().stream().allMatch(this::take)
          && index.pick(request) instanceof PlacementDecision.Placed;
    }

    private boolean take(SpotHost.Promise promise) {
      PlacementRequest first =
          PlacementRequest.anywhereIn(host.host().region(), promise.size())
              .withDisk(promise.diskMib())
              .withGpus(promise.gpus());
      return index.pick(first) instanceof PlacementDecision.Placed placed
          && index.reserve(placed.host(), first.taking(placed.gpuDevices()));
    }
  }

  /** A vCPU weighs as much as 4 GiB, a GPU as much as 16 vCPU. */
  private static long weight(SpotHost.Group group) {
    Taken taken = group.taken();
    return taken.size().cpu().value() * WEIGHT_OF_MILLI_CPU
        + taken.size().memory().value() * WEIGHT_OF_MIB
        + taken.gpuMilli() * WEIGHT_OF_MILLI_GPU;
  }
}
