package io.podyard.controlplane.ops;

import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.ops.DescribeInstanceOpsRecordsRequest;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.model.RegionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Lists the operations tasks of a group, newest first, also of one that has ended (contract section
 * 15).
 */
@Component
public class OpsRecords {

  /** The contract knows no pages. */
  private static final int MOST = 100;

  private static final Logger log = LoggerFactory.getLogger(OpsRecords.class);

  private final JdbcTemplate jdbc;
  private final Regions regions;
  private final SecretBox secrets;
  private final Clock clock;

  OpsRecords(JdbcTemplate jdbc, Regions regions, SecretBox secrets, Clock clock) {
    this.jdbc = jdbc;
    this.regions = regions;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * A task.
   *
   * @param expiresAt until when there is a result or, while it is under way, when it ends at the
   *     latest; null for one that left nothing
   * @param result opens its result, null without one
   */
  public record OpsRecord(
      String type,
      String status,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable ResultSecret result) {}

  /**
   * The newest tasks of a group; none of one that the caller does not have.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public List<OpsRecord> describe(
      Caller caller, Decoded<DescribeInstanceOpsRecordsRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeInstanceOpsRecordsRequest draft = decoded.draft();
    OwnGroups.checkId(draft.containerGroupId(), problems::add);
    InstanceOpsTasks.checkType(draft.opsType(), problems::add);
    RegionId region = regions.read(draft.regionId(), problems::add);
    DescribeInstanceOpsRecordsRequest request = decoded.orThrow(problems);
    return jdbc.query(
        """
        select id, ops_type, status, created_at, begin_by, seconds, begun_at, finished_at,
            expires_at, sealed_secret
        from ops_task where account_id = ? and region = ? and group_id = ? and ops_type = ?
        order by id desc limit ?
        """,
        (row, n) -> record(row),
        caller.account().value(),
        region.value(),
        request.containerGroupId(),
        request.opsType(),
        MOST);
  }

  private OpsRecord record(ResultSet row) throws SQLException {
    String status = row.getString("status");
    String sealed = row.getString("sealed_secret");
    Instant expiresAt = OpsTaskStore.instant(row, "expires_at");
    Instant begunAt = OpsTaskStore.instant(row, "begun_at");
    if (status.equals(OpsStatus.READY.wireName())) {
      Instant last = begunAt == null ? OpsTaskStore.instant(row, "begin_by") : begunAt;
      expiresAt = Objects.requireNonNull(last).plusSeconds(row.getInt("seconds"));
    }
    boolean over = sealed != null && expiresAt != null && !clock.instant().isBefore(expiresAt);
    return new OpsRecord(
        row.getString("ops_type"),
        over ? OpsStatus.EXPIRED.wireName() : status,
        Objects.requireNonNull(OpsTaskStore.instant(row, "created_at")),
        expiresAt,
        sealed == null || over ? null : opened(row.getString("id"), sealed));
  }

  /** Null if it was sealed with a key that this process does not have. */
  private @Nullable ResultSecret opened(String task, String sealed) {
    try {
      return new ResultSecret(secrets.open(sealed, task));
    } catch (SecretNotOpenedException e) {
      log.error("the secret of the result of task {} does not open", task, e);
      return null;
    }
  }
}
