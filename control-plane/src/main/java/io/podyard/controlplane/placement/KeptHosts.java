package io.podyard.controlplane.placement;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.SpotHost;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hosts that are kept for one group each, which no host has room for now: until it has its place
 * they take nothing else. Every process sees it in the host's row, under whose lock groups are
 * bound. It ends after {@link #TERM} unless somebody goes on with it, so that nobody's death keeps
 * a host from the others. The same keeps the room that spot groups leave for the groups that it is
 * promised to, one after the other.
 */
@Component
public class KeptHosts {

  /** How long a host is kept if nobody goes on with it. */
  static final Duration TERM = Duration.ofSeconds(30);

  /** Of the hosts of a region, one in so many can be kept, and one in any case. */
  static final int ONE_IN = 10;

  /** Of a group {@code g} whose id is known. */
  private static final String WAITS = "coalesce(g.host_id, '') = '' and g.status = 'Scheduling'";

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  public KeptHosts(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /**
   * Keeps a host for a group.
   *
   * @return false if it cannot be: as many are kept as may be, the host is not ready or kept for
   *     another group, or the group has one
   */
  public boolean keep(ContainerGroupId group, HostId host, RegionId region) {
    Boolean kept =
        transaction.execute(
            status -> {
              // One at a time: the number of those that are kept is not a row that can be locked.
              jdbc.query(
                  "select pg_advisory_xact_lock(hashtext('kept hosts'), hashtext(?))",
                  row -> {},
                  region.value());
              return jdbc.update(
                      """
                      update host h
                      set kept_for = ?, kept_until = now() + make_interval(secs => ?)
                      where h.id = ? and h.region = ? and h.state = 'READY' and h.kept_for is null
                        and not exists (select 1 from host o where o.kept_for = ?)
                        and (select count(*) from host o
                             where o.region = h.region and o.kept_for is not null)
                            < greatest(1, (select count(*) from host o where o.region = h.region) / ?)
                      """,
                      group.value(),
                      TERM.toSeconds(),
                      host.value(),
                      region.value(),
                      group.value(),
                      ONE_IN)
                  == 1;
            });
    return Objects.requireNonNull(kept);
  }

  /** Groups that hosts are kept for, also where the time of that is over. */
  public Set<ContainerGroupId> groups() {
    return new HashSet<>(
        jdbc.query(
            "select kept_for from host where kept_for is not null",
            (row, n) -> new ContainerGroupId(row.getString(1))));
  }

  /** Keeps hosts on for groups. One that is not ready is not: its group gets another. */
  public void goOn(Collection<ContainerGroupId> groups) {
    jdbc.update(
        """
        update host set kept_until = now() + make_interval(secs => %d)
        where kept_for = any(?::text[]) and state = 'READY'
          and kept_until between now() and now() + make_interval(secs => %d)
        """
            .formatted(TERM.toSeconds(), TERM.toSeconds() / 2),
        Columns.of(List.copyOf(groups)).text(ContainerGroupId::value));
  }

  /**
   * Gives hosts back: those that are kept for these groups, and those whose time is over. One that
   * is promised to another group that waits is kept for that, any other takes all again.
   *
   * @return whether there were any
   */
  public boolean giveBack(Collection<ContainerGroupId> groups) {
    return jdbc.update(
            """
            update host h
            set kept_for = n.next,
                kept_until = case when n.next is not null
                                  then now() + make_interval(secs => %d) end
            from (select k.id,
                         (select p.group_id
                          from spot_promise p join container_group g on g.id = p.group_id
                          where p.host_id = k.id and g.goal = 'RUN' and %s
                            and not exists (
                              select 1 from host o where o.kept_for = p.group_id and o.id <> k.id)
                          order by p.made_at, p.group_id limit 1) as next
                  from host k
                  where k.kept_for is not null
                    and (k.kept_for = any(?::text[]) or k.kept_until < now())) n
            where h.id = n.id
            """
                .formatted(TERM.toSeconds(), WAITS),
            Columns.of(List.copyOf(groups)).text(ContainerGroupId::value))
        > 0;
  }

  /**
   * Locks a group that waits and a host that may be promised to it, in the caller's transaction.
   *
   * @return false if the group waits no more, somebody else writes it or promised it a host, or the
   *     host is not ready
   */
  public boolean lockForPromise(ContainerGroupId group, HostId host) {
    return !jdbc.queryForList(
                "select g.id from container_group g where g.id = ? and g.goal = 'RUN' and "
                    + WAITS
                    + " and not exists (select 1 from spot_promise p where p.group_id = g.id)"
                    + " for no key update of g skip locked",
                String.class,
                group.value())
            .isEmpty()
        && !jdbc.queryForList(
                "select id from host where id = ? and state = 'READY' for no key update",
                String.class,
                host.value())
            .isEmpty();
  }

  /**
   * Promises room that spot groups leave on a host, in the caller's transaction, and keeps the host
   * for it unless it is kept for one that it was promised to before.
   */
  public void promise(ContainerGroupId group, HostId host, SpotHost.Promise room) {
    jdbc.update(
        """
        insert into spot_promise
          (group_id, host_id, milli_cpu, memory_mib, disk_mib, gpu_count, gpu_milli_each)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        group.value(),
        host.value(),
        room.size().cpu().value(),
        room.size().memory().value(),
        room.diskMib(),
        room.gpus().count(),
        room.gpus().milliEach());
    jdbc.update(
        """
        update host h set kept_for = ?, kept_until = now() + make_interval(secs => ?)
        where h.id = ? and (h.kept_for is null or h.kept_until < now())
          and not exists (select 1 from host o where o.kept_for = ? and o.id <> h.id)
        """,
        group.value(),
        TERM.toSeconds(),
        host.value(),
        group.value());
  }

  /** Groups that a host is promised to, with that host. */
  public Map<ContainerGroupId, HostId> promised() {
    Map<ContainerGroupId, HostId> promised = new HashMap<>();
    jdbc.query(
        "select group_id, host_id from spot_promise",
        row -> {
          promised.put(new ContainerGroupId(row.getString(1)), new HostId(row.getString(2)));
        });
    return promised;
  }

  /** Forgets what is promised to groups on the hosts that are kept for them. */
  public void forgetPromises(Collection<ContainerGroupId> groups) {
    jdbc.update(
        """
        delete from spot_promise p using host h
        where p.group_id = any(?::text[]) and h.kept_for = p.group_id and h.id = p.host_id
        """,
        Columns.of(List.copyOf(groups)).text(ContainerGroupId::value));
  }

  /**
   * Forgets promises to groups that wait no more, and those that came to nothing: everybody has
   * left that was to leave, or the host is not ready, and the group waits still.
   */
  public void forgetPromises() {
    jdbc.update(
        """
        delete from spot_promise p
        where not exists (
                select 1 from container_group g where g.id = p.group_id and g.goal = 'RUN' and %s)
           or exists (select 1 from host h where h.id = p.host_id and h.state <> 'READY')
           or (p.made_at < now() - interval '1 minute' and not exists (
                select 1 from container_group g
                     join spot_group s on s.group_id = g.id and s.noticed_at is not null
                     join reservation r on r.group_id = g.id
                where g.spot and g.host_id = p.host_id))
        """
            .formatted(WAITS));
  }
}
