package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes steps in the lives of groups. A step counts only if the row still has the version it was
 * decided on and the shard still has the epoch it was decided under; both are checked in the
 * transaction that writes status, events, meter and reservation.
 */
@Component
class JdbcGroupTransitions implements BatchWriter.Handler<GroupTransition, Boolean> {

  private final JdbcTemplate jdbc;
  private final GroupEvents events;
  private final UsageIntervals usage;
  private final Reservations reservations;
  private final PersistentVolumes volumes;
  private final Quotas quotas;
  private final GroupDocuments documents;

  JdbcGroupTransitions(
      JdbcTemplate jdbc,
      GroupEvents events,
      UsageIntervals usage,
      Reservations reservations,
      PersistentVolumes volumes,
      Quotas quotas,
      GroupDocuments documents) {
    this.jdbc = jdbc;
    this.events = events;
    this.usage = usage;
    this.reservations = reservations;
    this.volumes = volumes;
    this.quotas = quotas;
    this.documents = documents;
  }

  @Override
  public List<Boolean> write(List<GroupTransition> items) {
    Map<Integer, Long> epochs = lockEpochs(items);
    // The first step of a group in the batch wins; the other was decided on an older version.
    Map<ContainerGroupId, GroupTransition> valid = new HashMap<>();
    for (GroupTransition item : items) {
      Integer shard = item.seen().shard();
      Long epoch = item.epoch();
      if (shard == null || (epoch != null && epoch.equals(epochs.get(shard)))) {
        valid.putIfAbsent(item.seen().id(), item);
      }
    }
    List<GroupTransition> ordered =
        valid.values().stream().sorted(Comparator.comparing(t -> t.seen().id())).toList();
    Set<ContainerGroupId> written = update(ordered);
    List<GroupTransition> done =
        ordered.stream().filter(t -> written.contains(t.seen().id())).toList();
    settle(done.stream().filter(GroupTransition::settles).toList());
    meter(done);
    events.append(
        done.stream()
            .flatMap(
                t ->
                    t.occurrences().stream()
                        .map(o -> new GroupHappening(t.seen().id(), t.seen().account(), o, t.at())))
            .toList());
    reservations.release(
        done.stream().filter(GroupTransition::releases).map(t -> t.seen().id()).toList());
    GroupHistory.move(
        jdbc, done.stream().filter(GroupTransition::ends).map(t -> t.seen().id()).toList());
    // The very items: what is in them is large.
    Set<GroupTransition> successes = Collections.newSetFromMap(new IdentityHashMap<>());
    successes.addAll(done);
    return items.stream().map(successes::contains).toList();
  }

  private Map<Integer, Long> lockEpochs(List<GroupTransition> items) {
    List<Integer> shards =
        items.stream()
            .map(t -> t.seen().shard())
            .filter(Objects::nonNull)
            .distinct()
            .sorted()
            .toList();
    Map<Integer, Long> epochs = new HashMap<>();
    if (!shards.isEmpty()) {
      // Conflicts with a takeover's "for update", not with the holder's own renewals.
      jdbc.query(
          """
          select shard, epoch from shard_lease where shard = any(?::int4[])
          order by shard for key share
          """,
          Columns.of(shards).integer(Integer::intValue),
          row -> {
            epochs.put(row.getInt(1), row.getLong(2));
          });
    }
    return epochs;
  }

  private Set<ContainerGroupId> update(List<GroupTransition> items) {
    if (items.isEmpty()) {
      return Set.of();
    }
    jdbc.query(
        "select 1 from container_group where id = any(?::text[]) order by id for no key update",
        Columns.of(items).text(t -> t.seen().id().value()),
        row -> {});
    List<ContainerGroupId> withoutDisks =
        items.stream().filter(JdbcGroupTransitions::letsGoOfDisks).map(t -> t.seen().id()).toList();
    // Before quotas.
    List<PersistentVolume> _ = volumes.lockOf(withoutDisks);
    // Before hosts: a group that is removed is counted out when its row goes, after its release.
    quotas.lockToGiveBack(
        items.stream()
            .filter(t -> t.ends() || t.settles() || t.next().status().isFinal())
            .map(t -> new QuotaPlace(t.seen().account(), t.seen().region()))
            .toList());
    Set<ContainerGroupId> written =
        new HashSet<>(
            jdbc.query(
                """
                update container_group g
                set status = n.status, reason = n.reason, message = n.message, state = n.state::jsonb,
                    goal = n.goal, goal_reason = n.goal_reason, kill_at = n.kill_at,
                    deadline_at = n.deadline_at, running_at = n.running_at,
                    succeeded_at = n.succeeded_at, failed_at = n.failed_at, final_at = n.final_at,
                    released_at = n.released_at, attention_at = null, version = g.version + 1,
                    changed_at = now()
                from unnest(?::text[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                            ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                  as n (id, version, status, reason, message, state, goal, goal_reason, kill_at,
                        deadline_at, running_at, succeeded_at, failed_at, final_at, released_at)
                where g.id = n.id and g.version = n.version
                returning g.id
                """,
                Columns.of(items)
                    .text(t -> t.seen().id().value())
                    .bigint(t -> t.seen().version())
                    .text(t -> t.next().status().wireName())
                    .text(t -> t.next().reason())
                    .text(t -> t.next().message())
                    .text(t -> documents.write(t.next().state()))
                    .text(t -> t.next().goal().name())
                    .text(t -> t.next().goalReason())
                    .instant(t -> t.next().killAt())
                    .instant(t -> t.next().deadlineAt())
                    .instant(t -> t.next().runningAt())
                    .instant(t -> t.next().succeededAt())
                    .instant(t -> t.next().failedAt())
                    .instant(t -> t.next().finalAt())
                    .instant(t -> t.next().releasedAt()),
                (row, n) -> new ContainerGroupId(row.getString(1))));
    volumes.free(withoutDisks.stream().filter(written::contains).toList());
    return written;
  }

  /** Whether nothing is left of it on a host after the step, so that its disks are free. */
  private static boolean letsGoOfDisks(GroupTransition step) {
    return GroupDisks.haveAny(step.seen().spec())
        && (step.releases()
            || step.ends()
            || (step.next().host() == null && step.next().status().isFinal()));
  }

  /** From the moment a change holds the group has, and is billed for, its new size. */
  private void settle(List<GroupTransition> settled) {
    if (settled.isEmpty()) {
      return;
    }
    Set<String> resized =
        new HashSet<>(
            jdbc.query(
                """
                update container_group g set milli_cpu = n.milli_cpu, memory_mib = n.memory_mib
                from unnest(?::text[], ?::int4[], ?::int4[]) as n (id, milli_cpu, memory_mib)
                where g.id = n.id and (g.milli_cpu, g.memory_mib) <> (n.milli_cpu, n.memory_mib)
                returning g.id
                """,
                Columns.of(settled)
                    .text(t -> t.seen().id().value())
                    .integer(t -> t.next().size().cpu().value())
                    .integer(t -> t.next().size().memory().value()),
                (row, n) -> row.getString(1)));
    reservations.settle(
        settled.stream()
            .map(
                t ->
                    new Reservations.Hold(
                        t.seen().id(), t.next().size(), t.seen().spec().ephemeralMib()))
            .toList());
    List<GroupTransition> metered =
        settled.stream()
            .filter(t -> resized.contains(t.seen().id().value()))
            .filter(t -> t.seen().state().chargedFrom() != null)
            .toList();
    usage.close(
        metered.stream().map(t -> new UsageIntervals.Closing(t.seen().id(), t.at())).toList());
    usage.open(metered.stream().map(t -> opening(t, t.at())).toList());
  }

  private void meter(List<GroupTransition> done) {
    usage.open(
        done.stream()
            .filter(t -> t.meterOpens() != null)
            .map(t -> opening(t, Objects.requireNonNull(t.meterOpens())))
            .toList());
    usage.close(
        done.stream()
            .filter(t -> t.meterCloses() != null)
            .map(
                t ->
                    new UsageIntervals.Closing(
                        t.seen().id(), Objects.requireNonNull(t.meterCloses())))
            .toList());
  }

  private static UsageIntervals.Opening opening(GroupTransition t, Instant at) {
    return new UsageIntervals.Opening(
        t.seen().id(),
        t.seen().account(),
        t.seen().region(),
        zone(t.seen()),
        t.seen().metered(),
        t.seen().kept().cacheGibBeyondFree(),
        t.seen().kept().dataGib(),
        at);
  }

  private static ZoneId zone(GroupRecord group) {
    @Nullable ZoneId zone = group.zone();
    if (zone == null) {
      throw new IllegalStateException(group.id() + " is metered but has no zone");
    }
    return zone;
  }
}
