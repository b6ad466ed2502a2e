package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.QuotaRoom;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.MilliCpu;
import io.podyard.runtime.Occurrence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes changes of groups: spec, status, event, token, quota and what is held of the host in one
 * transaction. Of two changes that were decided on the same version of a group the first wins.
 */
@Component
class JdbcGroupChanges implements BatchWriter.Handler<GroupChange, GroupChange.Outcome> {

  /** A group as it is stored: its version, and the vCPU that it has on its host. */
  private record Stored(long version, MilliCpu cpu) {}

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final Quotas quotas;
  private final Reservations reservations;
  private final PersistentVolumes volumes;
  private final UsageIntervals usage;
  private final GroupEvents events;
  private final GroupDocuments documents;

  JdbcGroupChanges(
      JdbcTemplate jdbc,
      RequestNonces nonces,
      ClientTokens tokens,
      Quotas quotas,
      Reservations reservations,
      PersistentVolumes volumes,
      UsageIntervals usage,
      GroupEvents events,
      GroupDocuments documents) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.quotas = quotas;
    this.reservations = reservations;
    this.volumes = volumes;
    this.usage = usage;
    this.events = events;
    this.documents = documents;
  }

  @Override
  public List<GroupChange.Outcome> write(List<GroupChange> items) {
    List<Boolean> fresh = nonces.burn(items.stream().map(GroupChange::nonce).toList());
    List<@Nullable TokenClaim> claims = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      claims.add(fresh.get(i) ? items.get(i).token() : null);
    }
    List<TokenClaim.Outcome> claimed = tokens.claim(claims);
    Map<ContainerGroupId, Stored> stored = lock(items);
    Map<ContainerGroupId, GroupChange> firsts = firsts(items, stored);
    // Before quotas.
    List<PersistentVolume> _ =
        volumes.lockOf(
            firsts.values().stream()
                .filter(item -> !item.grownDisks().isEmpty())
                .map(item -> item.seen().id())
                .toList());
    Map<ContainerGroupId, BeyondQuota> overQuota = overQuota(firsts, stored);
    firsts.keySet().removeAll(overQuota.keySet());
    Map<TokenClaim, GroupChange.Outcome> refused = new HashMap<>();
    List<GroupChange> done = new ArrayList<>();
    List<GroupChange.Outcome> outcomes = new ArrayList<>();
    Set<ContainerGroupId> grown = grow(firsts.values());
    for (int i = 0; i < items.size(); i++) {
      GroupChange item = items.get(i);
      if (!fresh.get(i)) {
        outcomes.add(new GroupChange.Outcome.NonceUsed());
        continue;
      }
      TokenClaim token = item.token();
      outcomes.add(
          switch (claimed.get(i)) {
            case TokenClaim.Outcome.Mismatch _ -> new GroupChange.Outcome.TokenMismatch();
            case TokenClaim.Outcome.Replay _ ->
                // In this batch it may be a request that was refused a moment ago.
                refused.getOrDefault(token, new GroupChange.Outcome.Replayed());
            case TokenClaim.Outcome.Granted _ -> {
              GroupChange.Outcome outcome = change(item, stored, overQuota, grown, done);
              if (token != null && !(outcome instanceof GroupChange.Outcome.Changed)) {
                refused.put(token, outcome);
              }
              yield outcome;
            }
          });
    }
    tokens.giveBack(List.copyOf(refused.keySet()));
    update(done);
    volumes.grow(
        done.stream()
            .flatMap(
                item ->
                    item.grownDisks().stream()
                        .map(
                            disk ->
                                new PersistentVolumes.Growth(
                                    disk.id(), item.seen().id(), disk.sizeGib())))
            .toList());
    // Storage is there at once, a size when the host has followed.
    usage.change(
        done.stream()
            .filter(item -> item.spec().ephemeralMib() != item.seen().spec().ephemeralMib())
            .map(
                item ->
                    new UsageIntervals.StorageChange(
                        item.seen().id(), EphemeralStorage.additionalGib(item.spec()), item.at()))
            .toList());
    events.append(
        done.stream()
            .map(
                item ->
                    new GroupHappening(
                        item.seen().id(),
                        item.seen().account(),
                        Occurrence.normal(
                            item.concernsHost() ? item.status().wireName() : "Changed",
                            item.words()),
                        item.at()))
            .toList());
    return outcomes;
  }

  private static GroupChange.Outcome change(
      GroupChange item,
      Map<ContainerGroupId, Stored> stored,
      Map<ContainerGroupId, BeyondQuota> overQuota,
      Set<ContainerGroupId> grown,
      List<GroupChange> done) {
    ContainerGroupId id = item.seen().id();
    Stored group = stored.get(id);
    if (group == null || group.version() != item.seen().version()) {
      return new GroupChange.Outcome.Stale();
    }
    BeyondQuota beyond = overQuota.get(id);
    if (beyond != null) {
      return new GroupChange.Outcome.OverQuota(beyond);
    }
    if (!grown.contains(id)) {
      return new GroupChange.Outcome.NoRoom();
    }
    // A later item of the batch for the same group finds it changed.
    stored.put(id, new Stored(group.version() + 1, group.cpu()));
    done.add(item);
    return new GroupChange.Outcome.Changed();
  }

  private Map<ContainerGroupId, Stored> lock(List<GroupChange> items) {
    Map<ContainerGroupId, Stored> stored = new HashMap<>();
    jdbc.query(
        """
        select id, version, milli_cpu from container_group
        where id = any(?::text[]) and deleted_at is null order by id for no key update
        """,
        Columns.of(items).text(item -> item.seen().id().value()),
        row -> {
          stored.put(
              new ContainerGroupId(row.getString(1)),
              new Stored(row.getLong(2), MilliCpu.of(row.getInt(3))));
        });
    return stored;
  }

  /** Of each group the first change, which is the only one that can count. */
  private static Map<ContainerGroupId, GroupChange> firsts(
      List<GroupChange> items, Map<ContainerGroupId, Stored> stored) {
    Map<ContainerGroupId, GroupChange> firsts = new LinkedHashMap<>();
    for (GroupChange item : items) {
      Stored group = stored.get(item.seen().id());
      if (group != null && group.version() == item.seen().version()) {
        firsts.putIfAbsent(item.seen().id(), item);
      }
    }
    return firsts;
  }

  /**
   * Locks the quotas of those whose vCPU change, before any host; answers those that may not have
   * as many. A group counts for what it has or will have, whichever is more.
   */
  private Map<ContainerGroupId, BeyondQuota> overQuota(
      Map<ContainerGroupId, GroupChange> firsts, Map<ContainerGroupId, Stored> stored) {
    List<GroupChange> resizing =
        firsts.values().stream()
            .filter(item -> !item.spec().size().cpu().equals(item.seen().spec().size().cpu()))
            .toList();
    Map<QuotaPlace, QuotaRoom> rooms =
        quotas.lock(resizing.stream().map(GroupChange::quotaPlace).toList());
    Map<ContainerGroupId, BeyondQuota> over = new HashMap<>();
    for (GroupChange item : resizing) {
      int has = Objects.requireNonNull(stored.get(item.seen().id())).cpu().value();
      int before = Math.max(has, item.seen().spec().size().cpu().value());
      int after = Math.max(has, item.spec().size().cpu().value());
      Objects.requireNonNull(rooms.get(item.quotaPlace()))
          .grow(after - before)
          .ifPresent(beyond -> over.put(item.seen().id(), beyond));
    }
    return over;
  }

  /** The groups that have what they will hold. */
  private Set<ContainerGroupId> grow(Collection<GroupChange> firsts) {
    Set<ContainerGroupId> granted = new HashSet<>();
    List<Reservations.Hold> holds = new ArrayList<>();
    for (GroupChange item : firsts) {
      if (item.holdsMore()) {
        holds.add(new Reservations.Hold(item.seen().id(), item.most(), item.spec().ephemeralMib()));
      } else {
        granted.add(item.seen().id());
      }
    }
    granted.addAll(reservations.grow(holds));
    return granted;
  }

  private void update(List<GroupChange> items) {
    if (items.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update container_group g
        set status = n.status, reason = case when n.driven then '' else g.reason end,
            message = case when n.driven then '' else g.message end, spec = n.spec::jsonb,
            kept = n.kept::jsonb, tags = n.tags::jsonb,
            generation = g.generation + case when n.driven then 1 else 0 end,
            attention_at = case when n.driven then n.at else g.attention_at end,
            version = g.version + 1, changed_at = now()
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[],
                    ?::timestamptz[])
          as n (id, status, spec, kept, tags, driven, at)
        where g.id = n.id
        """,
        Columns.of(items)
            .text(item -> item.seen().id().value())
            .text(item -> item.status().wireName())
            .text(item -> documents.writeSpec(item.seen().id(), item.spec()))
            .text(item -> documents.write(item.kept()))
            .text(item -> documents.write(item.tags()))
            .bool(GroupChange::concernsHost)
            .instant(GroupChange::at));
  }
}
