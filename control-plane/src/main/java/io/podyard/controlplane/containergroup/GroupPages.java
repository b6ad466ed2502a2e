package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Pages of an account's groups, newest first. A page is found by the id it begins after, so a deep
 * page costs what the first one does.
 */
@Component
class GroupPages {

  /** Counting stops here: a total beyond it is of no use and costs too much. */
  private static final int MOST_COUNTED = 10_000;

  /**
   * Which groups; each filter that is not null or empty must match.
   *
   * @param tags a null value matches any
   */
  record Filter(
      AccountId account,
      RegionId region,
      List<ContainerGroupId> ids,
      @Nullable String name,
      @Nullable GroupStatus status,
      @Nullable String zone,
      @Nullable String vSwitch,
      @Nullable String securityGroup,
      @Nullable String resourceGroup,
      Map<String, @Nullable String> tags) {}

  /**
   * A page.
   *
   * @param more whether another page follows
   */
  record Page(List<GroupRecord> groups, int total, boolean more) {}

  private record Condition(String sql, List<Object> arguments) {}

  private final JdbcTemplate jdbc;
  private final GroupRows rows;

  GroupPages(JdbcTemplate jdbc, GroupRows rows) {
    this.jdbc = jdbc;
    this.rows = rows;
  }

  Page page(Filter filter, @Nullable ContainerGroupId after, int limit) {
    Condition condition = condition(filter);
    Integer total =
        jdbc.queryForObject(
            "select count(*) from (select 1 from container_group where %s limit %d) counted"
                .formatted(condition.sql(), MOST_COUNTED),
            Integer.class,
            condition.arguments().toArray());
    List<Object> arguments = new ArrayList<>(condition.arguments());
    String sql = condition.sql();
    if (after != null) {
      sql += " and id < ?";
      arguments.add(after.value());
    }
    arguments.add(limit + 1);
    List<GroupRecord> found =
        jdbc.query(
            "select %s from container_group where %s order by id desc limit ?"
                .formatted(GroupRows.COLUMNS, sql),
            rows,
            arguments.toArray());
    boolean more = found.size() > limit;
    return new Page(more ? found.subList(0, limit) : found, total == null ? 0 : total, more);
  }

  private static Condition condition(Filter filter) {
    StringBuilder sql = new StringBuilder("account_id = ? and region = ? and deleted_at is null");
    List<Object> arguments = new ArrayList<>();
    arguments.add(filter.account().value());
    arguments.add(filter.region().value());
    if (!filter.ids().isEmpty()) {
      sql.append(" and id in (")
          .append("?, ".repeat(filter.ids().size() - 1))
          .append("?)");
      filter.ids().forEach(id -> arguments.add(id.value()));
    }
    add(sql, arguments, "name = ?", filter.name());
    GroupStatus status = filter.status();
    add(sql, arguments, "status = ?", status == null ? null : status.wireName());
    add(sql, arguments, "zone = ?", filter.zone());
    add(sql, arguments, "kept ->> 'vSwitchId' = ?", filter.vSwitch());
    add(sql, arguments, "kept ->> 'securityGroupId' = ?", filter.securityGroup());
    add(sql, arguments, "kept ->> 'resourceGroupId' = ?", filter.resourceGroup());
    filter
        .tags()
        .forEach(
            (key, value) -> {
              if (value == null) {
                add(sql, arguments, "jsonb_exists(tags, ?)", key);
              } else {
                sql.append(" and tags @> jsonb_build_object(?::text, ?::text)");
                arguments.add(key);
                arguments.add(value);
              }
            });
    return new Condition(sql.toString(), arguments);
  }

  private static void add(
      StringBuilder sql, List<Object> arguments, String condition, @Nullable String value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      arguments.add(value);
    }
  }
}
