package io.podyard.controlplane.containergroup;

import static java.util.stream.Collectors.toSet;

import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.ItemWriter;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.controlplane.write.PlannedAnew;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.FoundGroup;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stored groups as their driver sees them: found, read whole, and moved a step on. */
@Component
public class GroupStore {

  public static final int MOST_AT_ONCE = 1000;

  /** A group that has or may have something on a host. */
  public record OnHost(ContainerGroupId group, HostId host) {}

  /**
   * A group that somebody other than its driver changed.
   *
   * @param since when that was, or when it was first changed since the driver looked
   * @param starts whether it is only to be started
   */
  public record Changed(ContainerGroupId group, HostId host, Instant since, boolean starts) {}

  /**
   * A spot group whose notice is over.
   *
   * @param stopping whether its containers are being stopped
   */
  public record DueSpot(ContainerGroupId group, HostId host, boolean stopping) {}

  /**
   * Why a group still has no host.
   *
   * @param atOnce whether it is stored however shortly ago the group was written
   */
  record StillWaiting(WaitingGroup seen, String message, boolean atOnce) {}

  private final JdbcTemplate jdbc;
  private final GroupRows rows;
  private final StartTimes startTimes;
  private final TransactionTemplate transaction;
  private final RecentRecords recent = new RecentRecords();
  private final ItemWriter<GroupTransition, Boolean> transitions;
  private final List<Consumer<GroupTransition>> listeners = new CopyOnWriteArrayList<>();

  @Autowired
  GroupStore(
      JdbcTemplate jdbc,
      GroupRows rows,
      StartTimes startTimes,
      TransactionTemplate transaction,
      JdbcGroupTransitions handler,
      CommitPoints points) {
    this(
        jdbc,
        rows,
        startTimes,
        transaction,
        new BatchWriter<>("transition", transaction, handler, points));
  }

  /**
   * @param transitions writes the steps, and is closed with this
   */
  GroupStore(
      JdbcTemplate jdbc,
      GroupRows rows,
      StartTimes startTimes,
      TransactionTemplate transaction,
      ItemWriter<GroupTransition, Boolean> transitions) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.startTimes = startTimes;
    this.transaction = transaction;
    this.transitions = transitions;
  }

  @PreDestroy
  void close() {
    transitions.close();
  }

  /**
   * To be told of each step that this process has written, on the thread of the writer: it must not
   * wait for anything.
   */
  public void addListener(Consumer<GroupTransition> listener) {
    listeners.add(listener);
  }

  public Optional<GroupRecord> find(ContainerGroupId id) {
    return jdbc
        .query(
            "select " + GroupRows.COLUMNS + " from container_group where id = ?", rows, id.value())
        .stream()
        .findFirst();
  }

  /**
   * The same for its driver, who looks at it again and again: if it is as this process read or
   * wrote it last nothing more of it is read. Tags may be older; they are no affair of a driver.
   */
  public Optional<GroupRecord> lookAgain(ContainerGroupId id) {
    GroupRecord known = recent.of(id).orElse(null);
    if (known != null) {
      List<Boolean> same =
          jdbc.query(
              "select attention_at is not null from container_group where id = ? and version = ?",
              (row, n) -> row.getBoolean(1),
              id.value(),
              known.version());
      if (!same.isEmpty()) {
        return Optional.of(known.withAttention(same.getFirst()));
      }
      recent.remove(id);
    }
    Optional<GroupRecord> found = find(id);
    found.ifPresent(recent::put);
    return found;
  }

  /**
   * Writes a step.
   *
   * @return false if it was void: the group or the epoch had moved on
   * @throws NotWrittenException if it is not written, or unknown whether it is
   */
  public boolean write(GroupTransition transition) throws NotWrittenException {
    boolean written = transitions.write(transition);
    if (written) {
      startTimes.written(transition);
      listeners.forEach(listener -> listener.accept(transition));
      GroupRecord record = transition.written();
      if (transition.ends() || record.releasedAt() != null) {
        recent.remove(record.id());
      } else {
        recent.put(record);
      }
    }
    return written;
  }

  /** Where a group has or may have something, empty if nowhere. */
  public Optional<HostId> hostOf(ContainerGroupId group) {
    return jdbc
        .query(
            "select host_id from container_group where id = ? and host_id is not null and"
                + " released_at is null",
            (row, n) -> new HostId(row.getString(1)),
            group.value())
        .stream()
        .findFirst();
  }

  /**
   * The devices of its host that are reserved for a group, by their numbers, ascending; none if
   * there are none.
   */
  public List<Integer> gpusOf(ContainerGroupId group) {
    return jdbc
        .query(
            "select gpu_devices from reservation where group_id = ?",
            (row, n) -> BitSet.valueOf(new long[] {row.getLong(1)}).stream().boxed().toList(),
            group.value())
        .stream()
        .findFirst()
        .orElse(List.of());
  }

  /** Groups that hold something of a host that is lost, at most so many. */
  public List<GroupRecord> leftOnLost(HostId host, int most) {
    return jdbc.query(
        "select "
            + GroupRows.COLUMNS
            + " from container_group where released_at is null and id in"
            + " (select r.group_id from reservation r join host h on h.id = r.host_id"
            + " where h.id = ? and h.lost_at is not null) order by id limit ?",
        rows,
        host.value(),
        most);
  }

  /**
   * Groups on a drained host after its deadline that nobody ends yet, at most {@link
   * #MOST_AT_ONCE}.
   */
  public List<ContainerGroupId> leftOnDrained(HostId host) {
    return jdbc.query(
        """
        select g.id
        from host h
             join reservation r on r.host_id = h.id
             join container_group g on g.id = r.group_id
        where h.id = ? and h.drain_deadline_at <= now() and g.goal = 'RUN' and g.final_at is null
          and g.state ->> 'phase' <> 'STOPPING'
        order by g.id limit ?
        """,
        (row, n) -> new ContainerGroupId(row.getString(1)),
        host.value(),
        MOST_AT_ONCE);
  }

  /** Spot groups of shards whose notice is over, and that have not ended yet. */
  public List<DueSpot> dueSpot(Collection<Integer> shards) {
    return jdbc.query(
        """
        select g.id, g.host_id, g.state ->> 'phase' = 'STOPPING'
        from container_group g join spot_group s on s.group_id = g.id
        where g.spot and g.final_at is null and g.goal = 'RUN' and g.host_id is not null
          and g.shard = any(?::int4[]) and s.release_at <= now()
        """,
        Columns.of(List.copyOf(shards)).integer(Integer::intValue),
        (row, n) ->
            new DueSpot(
                new ContainerGroupId(row.getString(1)),
                new HostId(row.getString(2)),
                row.getBoolean(3)));
  }

  /** Groups of a shard that have or may have something on a host. */
  public List<OnHost> driven(int shard) {
    return jdbc.query(
        "select id, host_id from container_group where shard = ? and host_id is not null and"
            + " released_at is null",
        (row, n) ->
            new OnHost(new ContainerGroupId(row.getString(1)), new HostId(row.getString(2))),
        shard);
  }

  /**
   * Groups of shards that somebody else changed since their driver looked, those first that have
   * waited longest, at most {@link #MOST_AT_ONCE}.
   *
   * @param without hosts whose groups are left out
   * @param after only those that come after this one; null for all
   */
  public List<Changed> changed(
      Collection<Integer> shards, Collection<HostId> without, @Nullable Changed after) {
    return Objects.requireNonNull(
        transaction.execute(
            _ -> {
              // Of very many the first are found by the index that has them in this order. The
              // planner would rather read and sort all that there are.
              jdbc.execute("set local enable_sort = off");
              return first(shards, without, after);
            }));
  }

  private List<Changed> first(
      Collection<Integer> shards, Collection<HostId> without, @Nullable Changed after) {
    return jdbc.query(
        """
        select id, host_id, attention_at, status = 'Scheduling' and goal = 'RUN'
        from container_group
        where attention_at is not null and (attention_at, id) > (?::timestamptz, ?)
          and shard = any(?::int4[]) and host_id <> all(?::text[])
        order by attention_at, id limit %d
        """
            .formatted(MOST_AT_ONCE),
        statement -> {
          Connection connection = statement.getConnection();
          statement.setObject(
              1, after == null ? OffsetDateTime.MIN : after.since().atOffset(ZoneOffset.UTC));
          statement.setString(2, after == null ? "" : after.group().value());
          statement.setArray(3, connection.createArrayOf("int4", shards.toArray()));
          statement.setArray(
              4, connection.createArrayOf("text", without.stream().map(HostId::value).toArray()));
        },
        (row, n) ->
            new Changed(
                new ContainerGroupId(row.getString(1)),
                new HostId(row.getString(2)),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                row.getBoolean(4)));
  }

  /** The driver looked and found nothing to write. */
  public void attended(GroupRecord seen) {
    jdbc.update(
        "update container_group set attention_at = null where id = ? and version = ?",
        seen.id().value(),
        seen.version());
  }

  /** Those of the given groups that may have something on the host. */
  public Set<ContainerGroupId> belongingTo(HostId host, Collection<ContainerGroupId> groups) {
    Map<ContainerGroupId, HostId> hosts = hostsOf(groups);
    return groups.stream().filter(group -> host.equals(hosts.get(group))).collect(toSet());
  }

  /**
   * Hosts on which something was found of a group that does not belong there.
   *
   * @param found what was found on each
   */
  public Set<HostId> withoutRight(Map<HostId, List<FoundGroup>> found) {
    List<OnHost> all =
        found.entrySet().stream()
            .flatMap(
                host ->
                    host.getValue().stream().map(group -> new OnHost(group.group(), host.getKey())))
            .toList();
    Set<HostId> hosts = new HashSet<>();
    for (int from = 0; from < all.size(); from += MOST_AT_ONCE) {
      List<OnHost> some = all.subList(from, Math.min(from + MOST_AT_ONCE, all.size()));
      Map<ContainerGroupId, HostId> rightful = hostsOf(some.stream().map(OnHost::group).toList());
      some.stream()
          .filter(one -> !one.host().equals(rightful.get(one.group())))
          .forEach(one -> hosts.add(one.host()));
    }
    return hosts;
  }

  /** Where groups have or may have something; those that have nothing anywhere are left out. */
  private Map<ContainerGroupId, HostId> hostsOf(Collection<ContainerGroupId> groups) {
    Map<ContainerGroupId, HostId> hosts = new HashMap<>();
    if (groups.isEmpty()) {
      return hosts;
    }
    jdbc.query(
        "select id, host_id, released_at is null from container_group where id = any(?::text[])",
        PlannedAnew.with(Columns.of(List.copyOf(groups)).text(ContainerGroupId::value)),
        row -> {
          String host = row.getString(2);
          if (host != null && row.getBoolean(3)) {
            hosts.put(new ContainerGroupId(row.getString(1)), new HostId(host));
          }
        });
    return hosts;
  }

  /**
   * Stores why groups wait, in one short statement that waits for nobody. Left out are those that
   * somebody else has locked or written since they were seen, and those written less than {@code
   * pause} ago, by whichever process. That they have no host is said as in {@link
   * WaitingLine#WAITS}.
   */
  void explain(List<StillWaiting> groups, Duration pause) {
    jdbc.update(
        """
        update container_group g
        set reason = 'NoCapacity', message = s.message, version = g.version + 1, changed_at = now()
        from (
          select c.id, n.message
          from container_group c
          join unnest(?::text[], ?::int8[], ?::text[], ?::bool[])
            as n (id, version, message, at_once) on n.id = c.id and n.version = c.version
          where coalesce(c.host_id, '') = '' and c.status = 'Scheduling' and c.goal = 'RUN'
            and (n.at_once or c.changed_at <= now() - make_interval(secs => %d))
          order by c.id for no key update of c skip locked) s
        where g.id = s.id
        """
            .formatted(pause.toSeconds()),
        Columns.of(groups)
            .text(group -> group.seen().id().value())
            .bigint(group -> group.seen().version())
            .text(StillWaiting::message)
            .bool(StillWaiting::atOnce));
  }
}
