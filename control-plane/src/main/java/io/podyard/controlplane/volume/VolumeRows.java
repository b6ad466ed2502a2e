package io.podyard.controlplane.volume;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.RowMapper;

/** Reads rows of disks. */
final class VolumeRows implements RowMapper<PersistentVolume> {

  static final String COLUMNS =
      """
      id, account_id, region, zone, host_id, size_gib, fs_type, performance_level,
      delete_with_group, attached_to, created_at\
      """;

  static final VolumeRows ROWS = new VolumeRows();

  private VolumeRows() {}

  @Override
  public PersistentVolume mapRow(ResultSet row, int number) throws SQLException {
    String zone = row.getString(4);
    String host = row.getString(5);
    String group = row.getString(10);
    return new PersistentVolume(
        row.getString(1),
        new AccountId(row.getString(2)),
        new RegionId(row.getString(3)),
        zone == null ? null : new ZoneId(zone),
        host == null ? null : new HostId(host),
        row.getInt(6),
        row.getString(7),
        row.getString(8),
        row.getBoolean(9),
        group == null ? null : new ContainerGroupId(group),
        row.getTimestamp(11).toInstant());
  }
}
