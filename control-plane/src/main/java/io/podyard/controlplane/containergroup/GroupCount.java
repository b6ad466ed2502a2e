package io.podyard.controlplane.containergroup;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many groups a filter means, as a query for one number. Counting stops at {@link #MOST}: a
 * total beyond it is of no use and costs too much.
 *
 * @param arguments of its question marks
 */
record GroupCount(String sql, List<Object> arguments) {

  private static final int MOST = 10_000;

  private static final String OF_SOME =
      "select count(*) from (select 1 from container_group where %s limit " + MOST + ") counted";

  /** What has not ended is counted already, for its account's quotas. */
  private static final String OF_ALL =
      """
      select least(%1$d, (select coalesce(sum(used_groups), 0) from quota_used
                          where account_id = ? and region = ?)
                         + (select count(*) from (
                              select 1 from container_group
                              where %2$s and status in (%3$s) limit %1$d) ended))
      """;

  private static final String ENDED =
      Stream.of(GroupStatus.values())
          .filter(GroupStatus::isFinal)
          .map(status -> "'" + status.wireName() + "'")
          .collect(Collectors.joining(", "));

  static GroupCount of(GroupFilter filter) {
    if (!filter.isWhole()) {
      return new GroupCount(OF_SOME.formatted(filter.sql()), filter.arguments());
    }
    List<Object> twice = new ArrayList<>(filter.arguments());
    twice.addAll(filter.arguments());
    return new GroupCount(OF_ALL.formatted(MOST, filter.sql(), ENDED), twice);
  }
}
