package io.podyard.controlplane.volume;

import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The end of disks in the table. Every statement may be repeated, by several processes at once, and
 * what it says stays true whoever drives the host: an id is never used again.
 */
@Component
class VolumeRemoval {

  private static final int MOST_AT_ONCE = 1000;

  /** Disks that one look finds to be removed. */
  static final int MOST_REMOVED_AT_ONCE = 100;

  /** A disk that is to be removed from its host. */
  record Doomed(String id, HostId host, int shard) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final PersistentVolumes volumes;
  private final CommitPoints points;

  VolumeRemoval(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      PersistentVolumes volumes,
      CommitPoints points) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.volumes = volumes;
    this.points = points;
  }

  /**
   * Takes the disks from groups of which nothing is left on any host, by the host's own proof, or
   * because there is no record of them any more. Who ends a group does that as well, unless it is
   * of a release that knows of no disks.
   *
   * @return how many
   */
  int freeLeftBehind() {
    // A group that is gone never comes back, so what is true of it now is true when it is written.
    List<ContainerGroupId> gone =
        jdbc.query(
            """
            select distinct v.attached_to from persistent_volume v
            where v.attached_to is not null and not exists (
              select 1 from container_group g
              where g.id = v.attached_to and g.released_at is null
                and (g.host_id is not null or g.final_at is null))
            limit %d
            """
                .formatted(MOST_AT_ONCE),
            (row, n) -> new ContainerGroupId(row.getString(1)));
    if (gone.isEmpty()) {
      return 0;
    }
    Integer freed =
        transaction.execute(
            _ -> {
              int disks = volumes.lockOf(gone).size();
              volumes.free(gone);
              return disks;
            });
    return freed == null ? 0 : freed;
  }

  /**
   * Free disks that have no host were never made: their group never had one.
   *
   * @return how many were forgotten
   */
  int forgetUnmade() {
    return jdbc.update(
        """
        delete from persistent_volume where id in (
          select id from persistent_volume where attached_to is null and host_id is null
          order by id limit %d for update skip locked)
        """
            .formatted(MOST_AT_ONCE));
  }

  /**
   * Disks to be removed from the hosts of shards.
   *
   * @param leftOut hosts whose disks are not wanted now
   */
  List<Doomed> toRemove(Collection<Integer> shards, Collection<HostId> leftOut) {
    return jdbc.query(
        """
        select v.id, v.host_id, h.shard from persistent_volume v join host h on h.id = v.host_id
        where v.deleting_at is not null and v.removed_at is null
          and h.shard = any(?::int4[]) and v.host_id <> all(?::text[])
        order by v.deleting_at, v.id limit %d
        """
            .formatted(MOST_REMOVED_AT_ONCE),
        (row, n) -> new Doomed(row.getString(1), new HostId(row.getString(2)), row.getInt(3)),
        shards.toArray(Integer[]::new),
        leftOut.stream().map(HostId::value).toArray(String[]::new));
  }

  /** The disk is not on its host any more. */
  void removed(String id) {
    points.reached("removedDisk", Side.BEFORE);
    jdbc.update(
        "update persistent_volume set removed_at = now() where id = ? and deleting_at is not null"
            + " and removed_at is null",
        id);
    points.reached("removedDisk", Side.AFTER);
  }

  /** Forgets disks that have been gone for so long that nothing can make them again. */
  void forgetRemoved(Duration kept) {
    jdbc.update(
        """
        delete from persistent_volume where id in (
          select id from persistent_volume
          where removed_at < now() - make_interval(secs => ?)
          order by removed_at limit %d for update skip locked)
        """
            .formatted(MOST_AT_ONCE),
        kept.toSeconds());
  }

  /** Those of the hosts that have, or had not long ago, a disk. */
  Set<HostId> withDisks(Collection<HostId> hosts) {
    return new HashSet<>(
        jdbc.query(
            "select distinct host_id from persistent_volume where host_id = any(?::text[])",
            Columns.of(List.copyOf(hosts)).text(HostId::value),
            (row, n) -> new HostId(row.getString(1))));
  }

  /** Those of the disks found on a host of which it is proven that they were removed before. */
  Set<String> removedBefore(Collection<String> found) {
    return ids(
        "select id from persistent_volume where id = any(?::text[]) and removed_at is not null",
        found);
  }

  /** Those of the disks that there is any record of. */
  Set<String> known(Collection<String> found) {
    return ids("select id from persistent_volume where id = any(?::text[])", found);
  }

  private Set<String> ids(String sql, Collection<String> found) {
    return new HashSet<>(
        jdbc.query(
            sql, Columns.of(List.copyOf(found)).text(id -> id), (row, n) -> row.getString(1)));
  }
}
