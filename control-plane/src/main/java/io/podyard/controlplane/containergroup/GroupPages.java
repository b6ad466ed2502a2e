package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.model.ContainerGroupId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/**
 * Pages of an account's groups, newest first. A page is found by the id it begins after, so a deep
 * page costs what the first one does.
 */
@Component
class GroupPages {

  private static final String TOKEN_PREFIX = "after:";

  /**
   * A page.
   *
   * @param more whether another page follows
   */
  record Page<T>(List<T> groups, int total, boolean more) {}

  private final JdbcTemplate jdbc;
  private final GroupRows rows;

  GroupPages(JdbcTemplate jdbc, GroupRows rows) {
    this.jdbc = jdbc;
    this.rows = rows;
  }

  /** Whole records. */
  Page<GroupRecord> page(GroupFilter filter, @Nullable ContainerGroupId after, int limit) {
    return page(filter, after, limit, GroupRows.COLUMNS, rows);
  }

  /** Some columns of records. */
  <T> Page<T> page(
      GroupFilter filter,
      @Nullable ContainerGroupId after,
      int limit,
      String columns,
      RowMapper<T> mapper) {
    GroupCount count = GroupCount.of(filter);
    List<Object> arguments = new ArrayList<>(count.arguments());
    arguments.addAll(filter.arguments());
    String where = filter.sql();
    if (after != null) {
      where += " and id < ?";
      arguments.add(after.value());
    }
    arguments.add(limit + 1);
    // Both at once: a second way to the database is a good part of what a page costs.
    Page<T> page =
        Objects.requireNonNull(
            jdbc.query(
                "select %s, (%s) as total from container_group where %s order by id desc limit ?"
                    .formatted(columns, count.sql(), where),
                found -> {
                  return read(found, mapper, limit);
                },
                arguments.toArray()));
    return page.total() >= 0
        ? page
        : new Page<>(
            List.of(),
            Objects.requireNonNull(
                jdbc.queryForObject(count.sql(), Integer.class, count.arguments().toArray())),
            false);
  }

  /** Of an empty page the total is unknown, -1. */
  private static <T> Page<T> read(ResultSet found, RowMapper<T> mapper, int limit)
      throws SQLException {
    List<T> groups = new ArrayList<>(limit);
    int total = -1;
    while (found.next()) {
      total = found.getInt("total");
      if (groups.size() == limit) {
        return new Page<>(groups, total, true);
      }
      groups.add(mapper.mapRow(found, groups.size()));
    }
    return new Page<>(groups, total, false);
  }

  /** What NextToken says of a page that ends with this group. */
  static String token(ContainerGroupId last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((TOKEN_PREFIX + last).getBytes(StandardCharsets.UTF_8));
  }

  /** The group after which the page of a NextToken begins, null for the first page. */
  static @Nullable ContainerGroupId after(@Nullable String token, Consumer<Problem> problems) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(TOKEN_PREFIX)) {
        return new ContainerGroupId(text.substring(TOKEN_PREFIX.length()));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    problems.accept(
        new Problem(
            ErrorCode.INVALID_PARAMETER,
            "NextToken",
            token,
            "is not a token of an earlier answer; leave it out for the first page"));
    return null;
  }

  /** The ids in the parameter ContainerGroupIds, null if it is not given. */
  static @Nullable List<String> ids(@Nullable List<String> asked, Consumer<Problem> problems) {
    for (String id : asked == null ? List.<String>of() : asked) {
      try {
        ContainerGroupId _ = new ContainerGroupId(id);
      } catch (IllegalArgumentException e) {
        problems.accept(
            new Problem(
                ErrorCode.INVALID_PARAMETER, "ContainerGroupIds", id, "is not the id of a group"));
      }
    }
    return asked;
  }
}
