package io.podyard.controlplane.placement;

import io.podyard.controlplane.placement.MadeDecision.Outcome;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decisions that are kept: for {@link #KEPT} and at most {@link #MOST} of each outcome. Every
 * process forgets the others, and none waits for another.
 */
@Component
public class DecisionTable {

  static final Duration KEPT = Duration.ofDays(7);

  /** Of each outcome, some ten megabytes; refusals are not pushed out by what went well. */
  static final int MOST = 20_000;

  private static final int FORGOTTEN_AT_ONCE = 5_000;

  private static final String COLUMNS =
      "id, decided_at, account_id, region, group_id, outcome, host_id, decided_by,"
          + " snapshot_version, times, facts";

  private static final Logger log = LoggerFactory.getLogger(DecisionTable.class);

  /** A decision with its place among all. */
  public record Row(long id, MadeDecision decision) {}

  private final JdbcTemplate jdbc;
  private final Clock clock;
  private final JsonMapper json =
      JsonMapper.builder()
          .disable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public DecisionTable(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  void add(List<MadeDecision> decisions) {
    jdbc.update(
        """
        insert into placement_decision
          (decided_at, account_id, region, group_id, outcome, host_id, decided_by,
           snapshot_version, times, facts)
        select decided_at, account_id, region, group_id, outcome, host_id, decided_by,
               snapshot_version, times, facts::jsonb
        from unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::int8[], ?::int4[], ?::text[])
          as d (decided_at, account_id, region, group_id, outcome, host_id, decided_by,
                snapshot_version, times, facts)
        """,
        Columns.of(decisions)
            .instant(MadeDecision::at)
            .text(made -> made.account().value())
            .text(made -> made.region().value())
            .text(DecisionTable::group)
            .text(made -> made.outcome().name())
            .text(DecisionTable::host)
            .text(MadeDecision::decidedBy)
            .bigint(MadeDecision::version)
            .integer(MadeDecision::times)
            .text(made -> json.writeValueAsString(made.facts())));
  }

  private static @Nullable String group(MadeDecision made) {
    ContainerGroupId group = made.group();
    return group == null ? null : group.value();
  }

  private static @Nullable String host(MadeDecision made) {
    HostId host = made.host();
    return host == null ? null : host.value();
  }

  /** The newest one about a group. */
  Optional<MadeDecision> of(ContainerGroupId group) {
    return jdbc
        .query(
            "select %s from placement_decision where group_id = ? order by id desc limit 1"
                .formatted(COLUMNS),
            this::row,
            group.value())
        .stream()
        .flatMap(Optional::stream)
        .map(Row::decision)
        .findFirst();
  }

  /**
   * The newest ones.
   *
   * @param outcome null for all
   * @param before only those that were kept before this one; null for all
   */
  public List<Row> page(@Nullable Outcome outcome, @Nullable Long before, int most) {
    return jdbc
        .query(
            """
            select %s from placement_decision
            where (?::text is null or outcome = ?) and (?::int8 is null or id < ?)
            order by id desc limit ?
            """
                .formatted(COLUMNS),
            this::row,
            outcome == null ? null : outcome.name(),
            outcome == null ? null : outcome.name(),
            before,
            before,
            most)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Empty for one of a later release that this one cannot read. */
  private Optional<Row> row(ResultSet row, int number) throws SQLException {
    try {
      String group = row.getString("group_id");
      String host = row.getString("host_id");
      return Optional.of(
          new Row(
              row.getLong("id"),
              new MadeDecision(
                  row.getObject("decided_at", OffsetDateTime.class).toInstant(),
                  new AccountId(row.getString("account_id")),
                  new RegionId(row.getString("region")),
                  group == null ? null : new ContainerGroupId(group),
                  Outcome.valueOf(row.getString("outcome")),
                  host == null ? null : new HostId(host),
                  row.getString("decided_by"),
                  row.getLong("snapshot_version"),
                  row.getInt("times"),
                  json.readValue(row.getString("facts"), DecisionFacts.class))));
    } catch (JacksonException unreadable) {
      log.debug("a placement decision cannot be read: {}", unreadable.getMessage());
      return Optional.empty();
    }
  }

  @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
  void forget() {
    try {
      for (Outcome outcome : Outcome.values()) {
        forget(outcome, MOST);
      }
    } catch (DataAccessException e) {
      log.warn("placement decisions are forgotten later: {}", e.getMessage());
    }
  }

  /**
   * Forgets what is too old or beyond so many.
   *
   * @return how many went
   */
  int forget(Outcome outcome, int most) {
    return jdbc.update(
        """
        delete from placement_decision where id in (
          select id from placement_decision
          where outcome = ?
            and (decided_at < ?
                 or id <= (select id from placement_decision where outcome = ?
                           order by id desc offset ? limit 1))
          order by id limit ? for update skip locked)
        """,
        outcome.name(),
        clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC),
        outcome.name(),
        most,
        FORGOTTEN_AT_ONCE);
  }
}
