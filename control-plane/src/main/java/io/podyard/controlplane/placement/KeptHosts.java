package io.podyard.controlplane.placement;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hosts that are kept for one group each, which no host has room for now: until it has its place
 * they take nothing else. Every process sees it in the host's row, under whose lock groups are
 * bound. It ends after {@link #TERM} unless somebody goes on with it, so that nobody's death keeps
 * a host from the others.
 */
@Component
public class KeptHosts {

  /** How long a host is kept if nobody goes on with it. */
  static final Duration TERM = Duration.ofSeconds(30);

  /** Of the hosts of a region, one in so many can be kept, and one in any case. */
  static final int ONE_IN = 10;

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
   * Gives hosts back to all: those that are kept for these groups, and those whose time is over.
   *
   * @return whether there were any
   */
  public boolean giveBack(Collection<ContainerGroupId> groups) {
    return jdbc.update(
            """
            update host set kept_for = null, kept_until = null
            where kept_for is not null and (kept_for = any(?::text[]) or kept_until < now())
            """,
            Columns.of(List.copyOf(groups)).text(ContainerGroupId::value))
        > 0;
  }
}
