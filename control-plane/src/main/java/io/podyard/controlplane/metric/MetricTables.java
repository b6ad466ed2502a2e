package io.podyard.controlplane.metric;

import io.podyard.model.ContainerGroupId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;

/** The rows of the three tables and how far the coarser ones are made. */
final class MetricTables {

  /**
   * A row.
   *
   * @param at of its sample, or the start of what it covers
   */
  record Row(ContainerGroupId group, Instant at, byte[] data) {

    List<MetricRecord> records() {
      return MetricPack.unpack(data);
    }
  }

  /**
   * How far a coarser resolution is made.
   *
   * @param until everything before is made
   * @param group in what comes after that, groups up to this one are made; empty if none is
   */
  record Progress(Instant until, String group) {}

  private final JdbcTemplate jdbc;

  MetricTables(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Writes rows; one that is there already is replaced, since it is made of the same. */
  void write(Resolution resolution, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    String time = resolution.timeColumn();
    jdbc.update(
        """
        insert into %s (group_id, %s, data)
        select * from unnest(?::text[], ?::timestamptz[], ?::bytea[])
        on conflict (group_id, %s) do update set data = excluded.data
        """
            .formatted(resolution.table(), time, time),
        columns(rows));
  }

  private static PreparedStatementSetter columns(List<Row> rows) {
    return statement -> {
      Connection connection = statement.getConnection();
      statement.setArray(
          1,
          connection.createArrayOf(
              "text", rows.stream().map(row -> row.group().value()).toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "timestamptz",
              rows.stream().map(row -> row.at().atOffset(ZoneOffset.UTC).toString()).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf("bytea", rows.stream().map(Row::data).toArray(byte[][]::new)));
    };
  }

  /** Records of one group, in the order of their times. */
  List<MetricRecord> records(
      Resolution resolution, ContainerGroupId group, Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return List.of();
    }
    List<MetricRecord> records = new ArrayList<>();
    Instant first =
        resolution == Resolution.SAMPLE ? from : Resolution.floor(from, resolution.row());
    for (Row row :
        jdbc.query(
            """
            select group_id, %1$s, data from %2$s
            where group_id = ? and %1$s >= ? and %1$s < ? order by %1$s
            """
                .formatted(resolution.timeColumn(), resolution.table()),
            MetricTables::row,
            group.value(),
            first.atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC))) {
      row.records().stream()
          .filter(one -> !one.at().isBefore(from) && one.at().isBefore(to))
          .forEach(records::add);
    }
    return records;
  }

  /**
   * The newest record of each group that has any at a resolution.
   *
   * @param since nothing older counts
   */
  Map<ContainerGroupId, MetricRecord> newest(
      Resolution resolution, Collection<ContainerGroupId> groups, Instant since) {
    Map<ContainerGroupId, MetricRecord> newest = new LinkedHashMap<>();
    for (Row row :
        jdbc.query(
            """
            select i.id, m.%1$s, m.data
            from unnest(?::text[]) i (id) cross join lateral (
              select %1$s, data from %2$s where group_id = i.id and %1$s >= ?
              order by %1$s desc limit 1) m
            """
                .formatted(resolution.timeColumn(), resolution.table()),
            statement -> {
              statement.setArray(
                  1,
                  statement
                      .getConnection()
                      .createArrayOf(
                          "text", groups.stream().map(ContainerGroupId::value).toArray()));
              statement.setObject(2, since.atOffset(ZoneOffset.UTC));
            },
            MetricTables::row)) {
      List<MetricRecord> records = row.records();
      if (!records.isEmpty()) {
        newest.put(row.group(), records.getLast());
      }
    }
    return newest;
  }

  /**
   * Rows of groups in a stretch of time, by group and then by time.
   *
   * @param after only groups after this one
   * @param limit at most so many
   */
  List<Row> page(Resolution resolution, Instant from, Instant to, String after, int limit) {
    return jdbc.query(
        """
        select group_id, %1$s, data from %2$s
        where %1$s >= ? and %1$s < ? and group_id > ?
        order by group_id, %1$s limit ?
        """
            .formatted(resolution.timeColumn(), resolution.table()),
        MetricTables::row,
        from.atOffset(ZoneOffset.UTC),
        to.atOffset(ZoneOffset.UTC),
        after,
        limit);
  }

  Progress progress(Resolution resolution) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select done_until, done_group from metric_roll_up where resolution = ?",
            MetricTables::progress,
            resolution.name()));
  }

  /** The same, held until the transaction ends; empty if somebody else holds it. */
  Optional<Progress> claim(Resolution resolution) {
    return jdbc
        .query(
            """
            select done_until, done_group from metric_roll_up where resolution = ?
            for update skip locked
            """,
            MetricTables::progress,
            resolution.name())
        .stream()
        .findFirst();
  }

  void advance(Resolution resolution, Progress progress) {
    jdbc.update(
        "update metric_roll_up set done_until = ?, done_group = ? where resolution = ?",
        progress.until().atOffset(ZoneOffset.UTC),
        progress.group(),
        resolution.name());
  }

  private static Progress progress(ResultSet row, int number) throws SQLException {
    return new Progress(row.getObject(1, OffsetDateTime.class).toInstant(), row.getString(2));
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    return new Row(
        new ContainerGroupId(row.getString(1)),
        row.getObject(2, OffsetDateTime.class).toInstant(),
        row.getBytes(3));
  }
}
