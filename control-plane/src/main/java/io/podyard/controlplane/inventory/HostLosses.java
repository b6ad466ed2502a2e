package io.podyard.controlplane.inventory;

import io.podyard.controlplane.inventory.MassLoss.Silent;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives hosts up. What becomes of their groups is the work of whoever drives them, found in the
 * tables.
 *
 * <p>If too many hosts of a region vanish together, there is an alarm instead: none of the region
 * is declared lost by itself, until all that are marked answer or were declared lost by hand. All
 * processes decide about that one after the other and on what the tables say of all hosts. A host
 * that was declared and never answered so far has not vanished, and is not declared lost by itself;
 * nor is one that is to go and holds nothing, since its machine may be switched off.
 */
public class HostLosses {

  /** Hosts that are given up in one transaction. */
  public static final int MOST_AT_ONCE = 100;

  /** The name of the transaction that gives hosts up, before and after it. */
  private static final String POINT = "hostLost";

  private static final int NAMED = 5;

  /** That it is a loss if host {@code h} does not answer. */
  private static final String MATTERS =
      """
      h.reported_milli_cpu > 0
      and (h.leaving_since is null or %s or %s)
      """
          .formatted(Declarations.HOLDS_ANYTHING, Declarations.HOLDS_REMAINS);

  private static final Logger log = LoggerFactory.getLogger(HostLosses.class);

  /**
   * Too many hosts vanished together.
   *
   * @param since when that was found
   * @param vanished how many of them neither answer nor were given up so far
   * @param hosts how many the region has that are not lost, those among them
   */
  public record Alarm(RegionId region, Instant since, int vanished, int hosts) {}

  /** What became of a host that its operator gives up. */
  public sealed interface ByHand {

    record Lost() implements ByHand {}

    record Unknown() implements ByHand {}

    /** It answers, so it is not lost. */
    record Answers() implements ByHand {}
  }

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final HostSettings settings;
  private final CommitPoints points;

  public HostLosses(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      HostSettings settings,
      CommitPoints points) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.settings = settings;
    this.points = points;
  }

  /** How long a host may not be reached by whoever drives it. */
  public Duration lostAfter() {
    return settings.lostAfter();
  }

  /** Raises an alarm if too many hosts vanished together. To be called when some did. */
  public void watch() {
    tell(
        Objects.requireNonNull(
            transaction.execute(
                _ -> {
                  decideAlone();
                  return raise();
                })));
  }

  /**
   * Gives hosts up that were not reached for long enough, unless there is an alarm. Void unless the
   * shard is held under the epoch.
   *
   * @param hosts at most {@link #MOST_AT_ONCE}
   * @return those that are lost now
   */
  public Set<HostId> declare(Collection<HostId> hosts, int shard, long epoch) {
    record Decision(Set<HostId> lost, Set<HostId> alarming) {}
    points.reached(POINT, CommitPoints.Side.BEFORE);
    Decision decision =
        transaction.execute(
            _ -> {
              if (jdbc.queryForList(
                      "select shard from shard_lease where shard = ? and epoch = ? for key share",
                      Integer.class,
                      shard,
                      epoch)
                  .isEmpty()) {
                return new Decision(Set.of(), Set.of());
              }
              decideAlone();
              Set<HostId> alarming = raise();
              if (!alarming.isEmpty()) {
                return new Decision(Set.of(), alarming);
              }
              lock(hosts);
              List<HostId> lost =
                  jdbc.query(
                      """
                      update host h set lost_at = now()
                      where h.id = any(?::text[]) and h.shard = ?
                        and h.lost_at is null and h.unreachable_since is not null
                        and %s
                        and not exists (
                          select 1 from host a
                          where a.region = h.region and a.state <> 'READY'
                            and a.alarmed_at is not null)
                      returning h.id
                      """
                          .formatted(MATTERS),
                      statement -> {
                        setIds(statement, hosts);
                        statement.setInt(2, shard);
                      },
                      (row, n) -> new HostId(row.getString(1)));
              return new Decision(Set.copyOf(lost), alarming);
            });
    points.reached(POINT, CommitPoints.Side.AFTER);
    Decision made = Objects.requireNonNull(decision);
    tell(made.alarming());
    return made.lost();
  }

  /** Gives a host up that does not answer, whether there is an alarm or not. */
  public ByHand declareByHand(HostId host) {
    ByHand outcome =
        transaction.execute(
            _ -> {
              decideAlone();
              Optional<Boolean> silent =
                  jdbc
                      .query(
                          "select unreachable_since is not null from host where id = ?"
                              + " for no key update",
                          (row, n) -> row.getBoolean(1),
                          host.value())
                      .stream()
                      .findFirst();
              if (silent.isEmpty()) {
                return new ByHand.Unknown();
              }
              if (!silent.get()) {
                return new ByHand.Answers();
              }
              jdbc.update(
                  "update host set lost_at = coalesce(lost_at, now()) where id = ?", host.value());
              return new ByHand.Lost();
            });
    return Objects.requireNonNull(outcome);
  }

  /** What goes on, region by region; none where all is well. */
  public List<Alarm> alarms() {
    return jdbc.query(
        """
        select region, min(alarmed_at), count(alarmed_at),
               count(*) filter (where lost_at is null and (alarmed_at is not null or %s))
        from host h
        where region in (
          select region from host where state <> 'READY' and alarmed_at is not null)
        group by region order by region
        """
            .formatted(MATTERS),
        (row, n) ->
            new Alarm(
                new RegionId(row.getString(1)),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getInt(3),
                row.getInt(4)));
  }

  /**
   * Two processes that each see a part of the hosts vanish must not both find it few. The row is
   * locked by nobody else and before any host, so it can block no other work.
   */
  private void decideAlone() {
    jdbc.query("select id from installation for no key update", row -> {});
  }

  /** Marks those that vanished together with too many others; the ones that were not before. */
  private Set<HostId> raise() {
    MassLoss massLoss = new MassLoss(settings.massLossPercent(), settings.massLossWithin());
    Map<String, List<Silent>> silent = new HashMap<>();
    // Also those that were given up already: they vanished with the others all the same.
    jdbc.query(
        "select h.region, h.id, h.unreachable_since from host h"
            + " where h.state <> 'READY' and h.unreachable_since is not null and "
            + MATTERS,
        row -> {
          silent
              .computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
              .add(
                  new Silent(
                      new HostId(row.getString(2)),
                      row.getObject(3, OffsetDateTime.class).toInstant()));
        });
    Set<HostId> marked = new TreeSet<>();
    silent.forEach(
        (region, hosts) -> {
          Integer all =
              jdbc.queryForObject(
                  "select count(*) from host h where h.region = ? and " + MATTERS,
                  Integer.class,
                  region);
          marked.addAll(mark(massLoss.tooMany(hosts, all == null ? 0 : all)));
        });
    return marked;
  }

  private Collection<HostId> mark(Set<HostId> hosts) {
    if (hosts.isEmpty()) {
      return List.of();
    }
    lock(hosts);
    return jdbc.query(
        """
        update host set alarmed_at = now()
        where id = any(?::text[]) and alarmed_at is null and lost_at is null
          and unreachable_since is not null
        returning id
        """,
        statement -> setIds(statement, hosts),
        (row, n) -> new HostId(row.getString(1)));
  }

  /** In the order in which everybody locks hosts. */
  private void lock(Collection<HostId> hosts) {
    jdbc.query(
        "select id from host where id = any(?::text[]) order by id for no key update",
        statement -> setIds(statement, hosts),
        row -> {});
  }

  private static void setIds(PreparedStatement statement, Collection<HostId> hosts)
      throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(
        1, connection.createArrayOf("text", hosts.stream().map(HostId::value).toArray()));
  }

  private void tell(Set<HostId> alarming) {
    if (alarming.isEmpty()) {
      return;
    }
    String some =
        alarming.stream().limit(NAMED).map(HostId::value).collect(Collectors.joining(", "))
            + (alarming.size() > NAMED ? " and others" : "");
    log.error(
        "{} of the hosts that answered within {} s vanished, which is more than {} %: {}. While"
            + " this lasts no host is declared lost; it ends when they answer, or with POST"
            + " /v1/hosts/<hostId>/lost for each that is lost",
        alarming.size(), settings.massLossWithin().toSeconds(), settings.massLossPercent(), some);
  }
}
