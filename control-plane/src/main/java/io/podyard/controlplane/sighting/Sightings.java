package io.podyard.controlplane.sighting;

import io.podyard.controlplane.sighting.SeenHost.HostList;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When each group was last known to be on its host as it is stored. A group counts as seen when it
 * was driven or when a list of its host shows all that is stored of it, so what vanished is never
 * taken for alive after its end. Where nobody of this process has seen a group yet, the proof that
 * the last driver of its shard left counts: a process that was away for days has seen nothing.
 */
public final class Sightings {

  /** How often at most a shard's proof is stored. */
  static final Duration BETWEEN_PROOFS = Duration.ofSeconds(10);

  private final ProofsOfLife proofs;
  private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();
  private final Map<HostId, HostList> lists = new ConcurrentHashMap<>();

  public Sightings(ProofsOfLife proofs) {
    this.proofs = proofs;
  }

  /** A shard as one epoch of its lease knows it. */
  private static final class Shard {
    final long epoch;
    final @Nullable Instant inherited;
    final Map<HostId, SeenHost> hosts = new ConcurrentHashMap<>();
    final Map<ContainerGroupId, SeenHost> hostOf = new ConcurrentHashMap<>();
    final Set<ContainerGroupId> unseen = ConcurrentHashMap.newKeySet();
    volatile boolean complete;
    volatile @Nullable Instant proved;

    Shard(long epoch, @Nullable Instant inherited) {
      this.epoch = epoch;
      this.inherited = inherited;
      this.proved = inherited;
    }
  }

  /** The shard under an epoch, empty if a newer one is known: what the older says is void. */
  private Optional<Shard> shard(int number, long epoch) {
    Shard shard =
        shards.compute(
            number,
            (_, known) ->
                known != null && known.epoch >= epoch
                    ? known
                    : new Shard(epoch, proofs.last(number).orElse(null)));
    return Optional.of(shard).filter(held -> held.epoch == epoch);
  }

  /**
   * A shard was taken over.
   *
   * @param groups all that may have something on a host
   */
  public void tookOver(int shard, long epoch, Collection<ContainerGroupId> groups) {
    shard(shard, epoch)
        .ifPresent(
            held -> {
              groups.stream()
                  .filter(group -> !held.hostOf.containsKey(group))
                  .forEach(held.unseen::add);
              held.complete = true;
            });
  }

  /**
   * When all that is stored of a group was last known to be on its host.
   *
   * @return null if nobody knows
   */
  public @Nullable Instant lastSeen(ContainerGroupId group, int shard, long epoch) {
    Shard held = shard(shard, epoch).orElse(null);
    if (held == null) {
      return null;
    }
    SeenHost host = held.hostOf.get(group);
    Instant seen = host == null ? null : host.lastSeen(group);
    return seen == null ? held.inherited : seen;
  }

  /**
   * A group was driven.
   *
   * @param at before its host was looked at
   * @param state what is stored of it since
   */
  public void driven(
      ContainerGroupId group, HostId host, int shard, long epoch, Instant at, GroupState state) {
    shard(shard, epoch)
        .ifPresent(
            held -> {
              SeenHost now = held.hosts.computeIfAbsent(host, _ -> new SeenHost());
              now.driven(group, Sighting.of(at, state));
              SeenHost before = held.hostOf.put(group, now);
              if (before != null && before != now) {
                before.forget(group);
              }
              held.unseen.remove(group);
            });
  }

  /** A group has nothing on its host any more. */
  public void over(ContainerGroupId group) {
    for (Shard shard : shards.values()) {
      SeenHost host = shard.hostOf.remove(group);
      if (host != null) {
        host.forget(group);
      }
      shard.unseen.remove(group);
    }
  }

  /**
   * A host has told what it has.
   *
   * @param at before it was asked
   */
  public void listed(HostId host, Instant at, List<FoundGroup> found) {
    lists.put(
        host,
        new HostList(
            at, found.stream().collect(Collectors.toMap(FoundGroup::group, Function.identity()))));
  }

  /**
   * A host has what it told last, if it told anything. A question that was asked before that one
   * says nothing.
   *
   * @param at before it was asked
   */
  public void listedAgain(HostId host, Instant at) {
    lists.computeIfPresent(
        host, (_, last) -> at.isAfter(last.at()) ? new HostList(at, last.groups()) : last);
  }

  /**
   * Compares the groups of a shard with the newest lists of its hosts, and stores a proof of life
   * now and then.
   *
   * @param now the end of what may be proved
   * @return groups of which something is missing: they are to be driven
   */
  public Set<ContainerGroupId> compare(int shard, long epoch, Instant now) {
    Shard held = shard(shard, epoch).orElse(null);
    if (held == null) {
      return Set.of();
    }
    Set<ContainerGroupId> missing = new HashSet<>();
    Instant all = now;
    for (Map.Entry<HostId, SeenHost> host : held.hosts.entrySet()) {
      Instant oldest = host.getValue().compare(lists.get(host.getKey()), missing);
      all = oldest.isBefore(all) ? oldest : all;
    }
    prove(shard, held, all);
    return missing;
  }

  private void prove(int shard, Shard held, Instant all) {
    Instant before = held.proved;
    boolean due = before == null || !all.isBefore(before.plus(BETWEEN_PROOFS));
    if (due && held.complete && held.unseen.isEmpty()) {
      proofs.store(shard, held.epoch, all);
      held.proved = all;
    }
  }
}
