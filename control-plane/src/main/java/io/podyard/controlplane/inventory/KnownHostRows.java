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
import io.podyard.scheduler.HostSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.RowMapper;

/** Hosts as they are read. Thousands of hosts are of a few kinds, and each kind is one object. */
final class KnownHostRows implements RowMapper<KnownHost> {

  private final Map<HostKind, HostKind> kinds;

  /**
   * @param kinds those that are known, and those that come to be
   */
  KnownHostRows(Map<HostKind, HostKind> kinds) {
    this.kinds = kinds;
  }

  @Override
  public KnownHost mapRow(ResultSet row, int n) throws SQLException {
    HostKind kind =
        new HostKind(
            row.getString(15),
            row.getString(16),
            row.getString(17),
            Set.copyOf(Columns.texts(row, 18)),
            row.getString(20));
    int diskMib = row.getInt(12);
    List<Integer> gpus = Columns.integers(row, 14);
    String keptFor = row.getString(19);
    return new KnownHost(
        new HostSnapshot(
                new HostId(row.getString(1)),
                new PoolId(row.getString(2)),
                new RegionId(row.getString(3)),
                new ZoneId(row.getString(4)),
                Size.of(row.getInt(5), row.getInt(6)),
                Size.of(row.getInt(7), row.getInt(8)),
                row.getBoolean(9),
                diskMib == 0 ? DiskSpace.NOT_COUNTED : new DiskSpace(diskMib, row.getInt(13)),
                gpus.isEmpty() ? GpuDevices.NONE : new GpuDevices(gpus),
                kinds.computeIfAbsent(kind, same -> same))
            .withKept(keptFor != null),
        row.getInt(10),
        row.getString(11),
        keptFor == null ? null : new ContainerGroupId(keptFor));
  }
}
