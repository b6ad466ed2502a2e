package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/** Reads rows of {@code container_group}. */
@Component
class GroupRows implements RowMapper<GroupRecord> {

  static final String COLUMNS =
      """
      id, account_id, region, zone, name, status, reason, message, spec, kept, tags, state,
      generation, version, host_id, shard, goal, goal_reason, kill_at, deadline_at, attention_at,
      created_at, running_at, succeeded_at, failed_at, deleted_at, final_at, released_at
      """;

  private final GroupDocuments documents;

  GroupRows(GroupDocuments documents) {
    this.documents = documents;
  }

  @Override
  public GroupRecord mapRow(ResultSet row, int rowNumber) throws SQLException {
    String status = row.getString("status");
    String host = row.getString("host_id");
    String zone = row.getString("zone");
    ContainerGroupId id = new ContainerGroupId(row.getString("id"));
    return new GroupRecord(
        id,
        new AccountId(row.getString("account_id")),
        new RegionId(row.getString("region")),
        zone == null ? null : new ZoneId(zone),
        row.getString("name"),
        GroupStatus.named(status)
            .orElseThrow(() -> new IllegalStateException("unknown status " + status)),
        row.getString("reason"),
        row.getString("message"),
        documents.readSpec(id, row.getString("spec")),
        documents.readKept(row.getString("kept")),
        documents.readTags(row.getString("tags")),
        documents.readState(row.getString("state")),
        row.getLong("generation"),
        row.getLong("version"),
        host == null ? null : new HostId(host),
        host == null ? null : row.getInt("shard"),
        StoredGoal.valueOf(row.getString("goal")),
        row.getString("goal_reason"),
        instant(row, "kill_at"),
        instant(row, "deadline_at"),
        row.getObject("attention_at") != null,
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "running_at"),
        instant(row, "succeeded_at"),
        instant(row, "failed_at"),
        instant(row, "deleted_at"),
        instant(row, "final_at"),
        instant(row, "released_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
