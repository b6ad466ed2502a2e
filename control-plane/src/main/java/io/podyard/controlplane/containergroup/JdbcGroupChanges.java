package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes changes of groups: spec, status, event, token and what is held of the host in one
 * transaction. Of two changes that were decided on the same version of a group the first wins.
 */
@Component
class JdbcGroupChanges implements BatchWriter.Handler<GroupChange, GroupChange.Outcome> {

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final Reservations reservations;
  private final GroupEvents events;
  private final GroupDocuments documents;

  JdbcGroupChanges(
      JdbcTemplate jdbc,
      RequestNonces nonces,
      ClientTokens tokens,
      Reservations reservations,
      GroupEvents events,
      GroupDocuments documents) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.reservations = reservations;
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
    Map<ContainerGroupId, Long> versions = lock(items);
    Map<TokenClaim, GroupChange.Outcome> refused = new HashMap<>();
    List<GroupChange> done = new ArrayList<>();
    List<GroupChange.Outcome> outcomes = new ArrayList<>();
    Set<ContainerGroupId> grown = grow(items, versions);
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
              GroupChange.Outcome outcome = change(item, versions, grown, done);
              if (token != null && !(outcome instanceof GroupChange.Outcome.Changed)) {
                refused.put(token, outcome);
              }
              yield outcome;
            }
          });
    }
    tokens.giveBack(List.copyOf(refused.keySet()));
    update(done);
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
      Map<ContainerGroupId, Long> versions,
      Set<ContainerGroupId> grown,
      List<GroupChange> done) {
    ContainerGroupId id = item.seen().id();
    Long version = versions.get(id);
    if (version == null || version != item.seen().version()) {
      return new GroupChange.Outcome.Stale();
    }
    if (!grown.contains(id)) {
      return new GroupChange.Outcome.NoRoom();
    }
    // A later item of the batch for the same group finds it changed.
    versions.put(id, version + 1);
    done.add(item);
    return new GroupChange.Outcome.Changed();
  }

  private Map<ContainerGroupId, Long> lock(List<GroupChange> items) {
    Map<ContainerGroupId, Long> versions = new HashMap<>();
    jdbc.query(
        """
        select id, version from container_group
        where id = any(?::text[]) and deleted_at is null order by id for no key update
        """,
        Columns.of(items).text(item -> item.seen().id().value()),
        row -> {
          versions.put(new ContainerGroupId(row.getString(1)), row.getLong(2));
        });
    return versions;
  }

  /** The groups that have what they will hold; the first change of each group counts. */
  private Set<ContainerGroupId> grow(
      List<GroupChange> items, Map<ContainerGroupId, Long> versions) {
    Map<ContainerGroupId, GroupChange> firsts = new HashMap<>();
    for (GroupChange item : items) {
      Long version = versions.get(item.seen().id());
      if (version != null && version == item.seen().version()) {
        firsts.putIfAbsent(item.seen().id(), item);
      }
    }
    Set<ContainerGroupId> granted = new HashSet<>();
    List<Reservations.Hold> holds = new ArrayList<>();
    for (GroupChange item : firsts.values()) {
      if (item.spec().size().equals(item.seen().spec().size())) {
        granted.add(item.seen().id());
      } else {
        holds.add(new Reservations.Hold(item.seen().id(), item.most()));
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
