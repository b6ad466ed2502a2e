package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Lists the groups of an account whose record is over, by the history. A page is found by the id it
 * begins after, so a deep page costs what the first one does.
 */
@Component
public class EndedGroupListing {

  /** Every status that a record can end with. */
  public static final List<String> STATUSES =
      Stream.concat(Stream.of(GroupAnswers.DELETED), finalStatuses().stream()).sorted().toList();

  /**
   * A group as it was last.
   *
   * @param endedAt when its record was over
   */
  public record EndedGroup(GroupRecord group, Instant endedAt) {}

  /**
   * Which groups are meant; a null filter is none.
   *
   * @param status one of {@link #STATUSES}
   * @param from the first instant of the period in which their records were over
   * @param to the first instant after it
   */
  public record Asked(
      AccountId account,
      RegionId region,
      @Nullable String name,
      @Nullable String status,
      @Nullable Instant from,
      @Nullable Instant to) {}

  private final JdbcTemplate jdbc;
  private final GroupRows rows;

  EndedGroupListing(JdbcTemplate jdbc, GroupRows rows) {
    this.jdbc = jdbc;
    this.rows = rows;
  }

  private static List<String> finalStatuses() {
    return Stream.of(GroupStatus.values())
        .filter(GroupStatus::isFinal)
        .map(GroupStatus::wireName)
        .toList();
  }

  /**
   * Those that were created last first.
   *
   * @param after the last group of the page before, null for the first page
   * @param limit at most so many
   */
  public List<EndedGroup> page(Asked asked, @Nullable ContainerGroupId after, int limit) {
    StringBuilder condition = new StringBuilder("account_id = ? and region = ?");
    List<Object> arguments = new ArrayList<>();
    arguments.add(asked.account().value());
    arguments.add(asked.region().value());
    if (after != null) {
      condition.append(" and id < ?");
      arguments.add(after.value());
    }
    if (asked.name() != null) {
      condition.append(" and name = ?");
      arguments.add(asked.name());
    }
    if (asked.status() != null) {
      addStatus(asked.status(), condition, arguments);
    }
    if (asked.from() != null) {
      condition.append(" and ended_at >= ?");
      arguments.add(asked.from().atOffset(ZoneOffset.UTC));
    }
    if (asked.to() != null) {
      condition.append(" and ended_at < ?");
      arguments.add(asked.to().atOffset(ZoneOffset.UTC));
    }
    arguments.add(limit);
    return jdbc.query(
        """
        select %s, ended_at
        from (select record, ended_at from container_group_history where %s
              order by id desc limit ?) ended
        cross join lateral jsonb_populate_record(null::container_group, ended.record) as row
        order by id desc
        """
            .formatted(GroupRows.COLUMNS, condition),
        (row, n) ->
            new EndedGroup(
                rows.mapRow(row, n), row.getObject("ended_at", OffsetDateTime.class).toInstant()),
        arguments.toArray());
  }

  /** What its owner ended has no final status, and no other record is over without one. */
  private static void addStatus(String status, StringBuilder condition, List<Object> arguments) {
    if (status.equals(GroupAnswers.DELETED)) {
      List<String> others = finalStatuses();
      condition.append(" and status not in (").append("?, ".repeat(others.size() - 1)).append("?)");
      arguments.addAll(others);
    } else {
      condition.append(" and status = ?");
      arguments.add(status);
    }
  }
}
