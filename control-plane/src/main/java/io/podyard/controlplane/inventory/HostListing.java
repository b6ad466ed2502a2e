package io.podyard.controlplane.inventory;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.DiskSpace;
import io.podyard.scheduler.GpuDevices;
import io.podyard.scheduler.HostKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Hosts page by page, for those who own them. */
@Component
public class HostListing {

  /**
   * A host with everything the inventory knows.
   *
   * @param runtime the runtime of its pool
   * @param state READY, CORDONED, DRAINING, UNREACHABLE or LOST
   * @param allocatable what groups can get
   * @param reserved what groups have of that
   * @param reported what the host says it has
   * @param groups how many groups hold something of it
   * @param cordonedAt since when its operator wants nothing new there, null if that is not so
   * @param cordonReason why, in the operator's words, null if there are none
   * @param unreachableSince since when it does not answer, null if it does
   * @param drain by when its operator wants it empty, null if that is not so
   * @param lostAt when it was given up, null if it was not
   * @param alarmedAt since when it is one of too many that vanished together, null if it is not
   * @param keptFor the group that it is kept for and takes alone, null if it is for all
   * @param keptUntil until when, unless it goes on
   * @param unboundBecause why nothing bounds a group as a whole there, empty if something does
   * @param kind architecture, instance type, GPU model and labels
   * @param disk its ephemeral disk
   * @param gpus what is reserved of each
   * @param by who declared it
   * @param leavingSince since when it is to go, null if it is to stay
   */
  public record ListedHost(
      HostId id,
      PoolId pool,
      String runtime,
      RegionId region,
      ZoneId zone,
      int shard,
      String state,
      String engine,
      Size allocatable,
      Size reserved,
      Size reported,
      int groups,
      @Nullable Instant cordonedAt,
      @Nullable String cordonReason,
      @Nullable Instant unreachableSince,
      @Nullable Drain drain,
      @Nullable Instant lostAt,
      @Nullable Instant alarmedAt,
      @Nullable ContainerGroupId keptFor,
      @Nullable Instant keptUntil,
      String unboundBecause,
      HostKind kind,
      DiskSpace disk,
      GpuDevices gpus,
      DeclaredBy by,
      String address,
      @Nullable Instant leavingSince) {}

  /**
   * A host that is to become empty.
   *
   * @param deadline what is left then is ended
   * @param reason why, in the operator's words, null if there are none
   */
  public record Drain(Instant since, Instant deadline, @Nullable String reason) {}

  private final JdbcTemplate jdbc;

  HostListing(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Hosts in the order of their ids.
   *
   * @param after the last host of the page before, null for the first page
   */
  public List<ListedHost> page(@Nullable HostId after, int limit) {
    return query(
        "select * from host where ?::text is null or id > ? order by id limit ?",
        after == null ? null : after.value(),
        after == null ? null : after.value(),
        limit);
  }

  /** One host. */
  public Optional<ListedHost> find(HostId id) {
    return query("select * from host where id = ?", id.value()).stream().findFirst();
  }

  private List<ListedHost> query(String hosts, @Nullable Object... parameters) {
    return jdbc.query(
        """
        select h.id, h.pool_id, p.runtime, h.region, h.zone, h.shard, h.state, h.engine,
               h.allocatable_milli_cpu, h.allocatable_memory_mib,
               h.reserved_milli_cpu, h.reserved_memory_mib,
               h.reported_milli_cpu, h.reported_memory_mib,
               (select count(*) from reservation r where r.host_id = h.id),
               h.cordoned_at, h.cordon_reason, h.unreachable_since, h.unbound_reason,
               h.architecture, h.instance_type, h.gpu_model, h.labels, h.allocatable_disk_mib,
               h.reserved_disk_mib, h.gpu_reserved_milli, h.declared_by, h.address, h.leaving_since,
               h.draining_since, h.drain_deadline_at, h.drain_reason, h.lost_at, h.alarmed_at,
               case when h.kept_until > now() then h.kept_for end,
               case when h.kept_until > now() then h.kept_until end
        from (%s) h
        join pool p on p.id = h.pool_id
        order by h.id
        """
            .formatted(hosts),
        (row, n) ->
            new ListedHost(
                new HostId(row.getString(1)),
                new PoolId(row.getString(2)),
                row.getString(3),
                new RegionId(row.getString(4)),
                new ZoneId(row.getString(5)),
                row.getInt(6),
                row.getString(7),
                row.getString(8),
                Size.of(row.getInt(9), row.getInt(10)),
                Size.of(row.getInt(11), row.getInt(12)),
                Size.of(row.getInt(13), row.getInt(14)),
                row.getInt(15),
                instant(row, 16),
                row.getString(17),
                instant(row, 18),
                drain(instant(row, 30), instant(row, 31), row.getString(32)),
                instant(row, 33),
                instant(row, 34),
                Optional.ofNullable(row.getString(35)).map(ContainerGroupId::new).orElse(null),
                instant(row, 36),
                row.getString(19),
                new HostKind(
                    row.getString(20),
                    row.getString(21),
                    row.getString(22),
                    Set.copyOf(Columns.texts(row, 23))),
                row.getInt(24) == 0
                    ? DiskSpace.NOT_COUNTED
                    : new DiskSpace(row.getInt(24), row.getInt(25)),
                new GpuDevices(Columns.integers(row, 26)),
                DeclaredBy.valueOf(row.getString(27)),
                row.getString(28),
                instant(row, 29)),
        parameters);
  }

  private static @Nullable Drain drain(
      @Nullable Instant since, @Nullable Instant deadline, @Nullable String reason) {
    return since == null || deadline == null ? null : new Drain(since, deadline, reason);
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
