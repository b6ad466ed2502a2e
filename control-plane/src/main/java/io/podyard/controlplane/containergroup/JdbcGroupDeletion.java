package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes deletions. A delete always wins over whatever the driver is about to write: it raises the
 * version. A group without anything on a host is over at once.
 */
@Component
class JdbcGroupDeletion implements BatchWriter.Handler<GroupDeletion, GroupDeletion.Outcome> {

  private record Row(
      String account,
      String region,
      GroupStatus status,
      StoredGoal goal,
      boolean holdsHost,
      int shard,
      int graceSeconds) {}

  private record Ending(ContainerGroupId id, GroupStatus status, Instant killAt, Instant at) {}

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final GroupEvents events;
  private final PersistentVolumes volumes;
  private final Quotas quotas;

  JdbcGroupDeletion(
      JdbcTemplate jdbc,
      RequestNonces nonces,
      ClientTokens tokens,
      GroupEvents events,
      PersistentVolumes volumes,
      Quotas quotas) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.events = events;
    this.volumes = volumes;
    this.quotas = quotas;
  }

  @Override
  public List<GroupDeletion.Outcome> write(List<GroupDeletion> items) {
    List<Boolean> fresh = nonces.burn(items.stream().map(GroupDeletion::nonce).toList());
    List<@Nullable TokenClaim> claims = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      claims.add(fresh.get(i) ? items.get(i).token() : null);
    }
    List<TokenClaim.Outcome> claimed = tokens.claim(claims);
    Map<ContainerGroupId, Row> rows = lock(items);
    List<Ending> endings = new ArrayList<>();
    List<ContainerGroupId> over = new ArrayList<>();
    List<GroupHappening> happenings = new ArrayList<>();
    Set<TokenClaim> refused = new HashSet<>();
    List<GroupDeletion.Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      GroupDeletion item = items.get(i);
      if (!fresh.get(i)) {
        outcomes.add(new GroupDeletion.Outcome.NonceUsed());
        continue;
      }
      switch (claimed.get(i)) {
        case TokenClaim.Outcome.Mismatch mismatch ->
            outcomes.add(new GroupDeletion.Outcome.TokenMismatch());
        case TokenClaim.Outcome.Replay replay ->
            outcomes.add(
                refused.contains(item.token())
                    ? new GroupDeletion.Outcome.Unknown()
                    : new GroupDeletion.Outcome.AlreadyEnding());
        case TokenClaim.Outcome.Granted granted -> {
          GroupDeletion.Outcome outcome = end(item, rows, endings, over, happenings);
          TokenClaim token = item.token();
          if (outcome instanceof GroupDeletion.Outcome.Unknown && token != null) {
            refused.add(token);
          }
          outcomes.add(outcome);
        }
      }
    }
    tokens.giveBack(List.copyOf(refused));
    List<PersistentVolume> disks = volumes.lockOf(over);
    quotas.lockToGiveBack(
        items.stream()
            .filter(item -> over.contains(item.group()))
            .map(item -> new QuotaPlace(item.account(), item.region()))
            .toList());
    update(endings);
    events.append(happenings);
    if (!disks.isEmpty()) {
      volumes.free(over);
    }
    GroupHistory.move(jdbc, over);
    return outcomes;
  }

  private static GroupDeletion.Outcome end(
      GroupDeletion item,
      Map<ContainerGroupId, Row> rows,
      List<Ending> endings,
      List<ContainerGroupId> over,
      List<GroupHappening> happenings) {
    Row row = rows.get(item.group());
    if (row == null
        || !row.account().equals(item.account().value())
        || !row.region().equals(item.region().value())) {
      return new GroupDeletion.Outcome.Unknown();
    }
    if (row.goal() == StoredGoal.END && !item.force()) {
      return new GroupDeletion.Outcome.AlreadyEnding();
    }
    GroupStatus status = row.status().isFinal() ? row.status() : GroupStatus.TERMINATING;
    Instant killAt = item.force() ? item.at() : item.at().plusSeconds(row.graceSeconds());
    happenings.add(
        new GroupHappening(
            item.group(),
            item.account(),
            Occurrence.normal("Deleting", "The group was deleted by its owner."),
            item.at()));
    // A later item of the batch for the same group finds it ending.
    rows.put(
        item.group(),
        new Row(
            row.account(),
            row.region(),
            status,
            StoredGoal.END,
            row.holdsHost(),
            row.shard(),
            row.graceSeconds()));
    if (row.holdsHost()) {
      endings.add(new Ending(item.group(), status, killAt, item.at()));
      return new GroupDeletion.Outcome.Deleted(row.shard());
    }
    over.add(item.group());
    return new GroupDeletion.Outcome.Deleted(null);
  }

  private Map<ContainerGroupId, Row> lock(List<GroupDeletion> items) {
    Map<ContainerGroupId, Row> rows = new HashMap<>();
    jdbc.query(
        """
        select id, account_id, region, status, goal, host_id is not null and released_at is null,
               coalesce(shard, 0), coalesce((spec ->> 'terminationGraceSeconds')::int4, 0)
        from container_group where id = any(?::text[]) order by id for no key update
        """,
        Columns.of(items).text(item -> item.group().value()),
        row -> {
          rows.put(
              new ContainerGroupId(row.getString(1)),
              new Row(
                  row.getString(2),
                  row.getString(3),
                  GroupStatus.named(row.getString(4)).orElseThrow(),
                  StoredGoal.valueOf(row.getString(5)),
                  row.getBoolean(6),
                  row.getInt(7),
                  row.getInt(8)));
        });
    return rows;
  }

  private void update(List<Ending> endings) {
    Map<ContainerGroupId, Ending> last = new HashMap<>();
    endings.forEach(ending -> last.put(ending.id(), ending));
    if (last.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update container_group g
        set status = e.status, goal = 'END', goal_reason = 'Deleted', kill_at = e.kill_at,
            reason = case when e.status = 'Terminating' then 'Deleted' else g.reason end,
            deleted_at = case when e.status = 'Terminating' then g.deleted_at else e.at end,
            attention_at = e.at, version = g.version + 1, changed_at = now()
        from unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
          as e (id, status, kill_at, at)
        where g.id = e.id
        """,
        Columns.of(List.copyOf(last.values()))
            .text(e -> e.id().value())
            .text(e -> e.status().wireName())
            .instant(e -> Objects.requireNonNull(e.killAt()))
            .instant(Ending::at));
  }
}
