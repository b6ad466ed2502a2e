package io.podyard.controlplane.event;

import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Events of groups. The same thing happening again raises a count, as in Kubernetes. */
@Component
public class GroupEvents {

  private static final int LONGEST_MESSAGE = 1024;

  /** Contract section 8: that many events of a group are shown. */
  private static final int NEWEST = 50;

  private record Row(
      String group,
      String reason,
      String digest,
      String account,
      String type,
      String message,
      int count,
      Instant firstAt,
      Instant lastAt) {}

  private record Key(String group, String reason, String digest) {}

  private final JdbcTemplate jdbc;

  public GroupEvents(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds events inside the caller's transaction. Of events of one moment the later ones are stored
   * a microsecond younger each, so that they are shown in their order.
   */
  public void append(List<GroupHappening> happenings) {
    Together statements = new Together(jdbc);
    append(happenings, statements);
    statements.send();
  }

  /** The same with other statements, when these are sent. */
  public void append(List<GroupHappening> happenings, Together statements) {
    Map<ContainerGroupId, Instant> last = new HashMap<>();
    Map<Key, Row> rows = new LinkedHashMap<>();
    for (GroupHappening happening : happenings) {
      Instant at =
          last.merge(
              happening.group(),
              happening.at().truncatedTo(ChronoUnit.MICROS),
              (before, now) -> now.isAfter(before) ? now : before.plus(1, ChronoUnit.MICROS));
      Row row = row(happening, at);
      rows.merge(
          new Key(row.group(), row.reason(), row.digest()),
          row,
          (a, b) ->
              new Row(
                  a.group(),
                  a.reason(),
                  a.digest(),
                  a.account(),
                  a.type(),
                  a.message(),
                  a.count() + b.count(),
                  a.firstAt(),
                  b.lastAt()));
    }
    if (rows.isEmpty()) {
      return;
    }
    List<Row> ordered = new ArrayList<>(rows.values());
    ordered.sort(
        Comparator.comparing(Row::group).thenComparing(Row::reason).thenComparing(Row::digest));
    statements.add(
        """
        insert into group_event
          (group_id, reason, message_digest, account_id, type, message, count, first_at, last_at)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                             ?::int4[], ?::timestamptz[], ?::timestamptz[])
        on conflict (group_id, reason, message_digest) do update
          set count = group_event.count + excluded.count, last_at = excluded.last_at
        """,
        Columns.of(ordered)
            .text(Row::group)
            .text(Row::reason)
            .text(Row::digest)
            .text(Row::account)
            .text(Row::type)
            .text(Row::message)
            .integer(Row::count)
            .instant(Row::firstAt)
            .instant(Row::lastAt));
  }

  /**
   * The newest events of groups, at most {@value #NEWEST} each, oldest of them first.
   *
   * @param source whose events are meant, null for all
   */
  public Map<ContainerGroupId, List<GroupEvent>> newest(
      List<ContainerGroupId> groups, @Nullable EventSource source) {
    Map<ContainerGroupId, List<GroupEvent>> events = new HashMap<>();
    if (groups.isEmpty()) {
      return events;
    }
    jdbc.query(
        """
        select e.group_id, e.message_digest, e.type, e.reason, e.message, e.count, e.first_at, e.last_at
        from unnest(?::text[]) as g (id)
        cross join lateral (
          select * from group_event where group_id = g.id and %s
          order by last_at desc, first_at desc limit %d) e
        order by e.first_at, e.last_at
        """
            .formatted(condition(source), NEWEST),
        Columns.of(groups).text(ContainerGroupId::value),
        row -> {
          ContainerGroupId group = new ContainerGroupId(row.getString(1));
          events
              .computeIfAbsent(group, id -> new ArrayList<>())
              .add(
                  new GroupEvent(
                      group,
                      group + "." + row.getString(2),
                      row.getString(3),
                      row.getString(4),
                      row.getString(5),
                      row.getInt(6),
                      row.getObject(7, OffsetDateTime.class).toInstant(),
                      row.getObject(8, OffsetDateTime.class).toInstant()));
        });
    return events;
  }

  private static String condition(@Nullable EventSource source) {
    String ofTheService =
        EventSource.SERVICE_REASONS.stream()
            .map(reason -> "'" + reason + "'")
            .collect(Collectors.joining(", ", "reason in (", ")"));
    return switch (source) {
      case null -> "true";
      case SERVICE -> ofTheService;
      case HOST -> "not " + ofTheService;
    };
  }

  private static Row row(GroupHappening happening, Instant at) {
    Occurrence occurrence = happening.occurrence();
    String message = occurrence.message();
    if (message.length() > LONGEST_MESSAGE) {
      message = message.substring(0, LONGEST_MESSAGE);
    }
    return new Row(
        happening.group().value(),
        occurrence.reason(),
        digest(message),
        happening.account().value(),
        switch (occurrence.type()) {
          case NORMAL -> "Normal";
          case WARNING -> "Warning";
        },
        message.replace("\0", ""),
        1,
        at,
        at);
  }

  private static String digest(String message) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(message.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
