package io.podyard.controlplane.volume;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What groups do with disks: have new ones, take free ones, let go of them. What changes something
 * runs inside the caller's transaction, which has locked the rows before its quotas and hosts.
 */
@Component
public class PersistentVolumes {

  /** A free disk that a group is to have from now on. */
  public record Attachment(String id, ContainerGroupId group, boolean deleteWithGroup) {}

  /** A group that has got a host. */
  public record Placed(ContainerGroupId group, HostId host, ZoneId zone) {}

  /** A disk that its group wants larger. */
  public record Growth(String id, ContainerGroupId group, int sizeGib) {}

  private final JdbcTemplate jdbc;

  public PersistentVolumes(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Disks of an account by their ids, without those that are to be removed; nothing is locked. */
  public Map<String, PersistentVolume> find(
      AccountId account, RegionId region, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return byId(
        jdbc
            .query(
                "select "
                    + VolumeRows.COLUMNS
                    + " from persistent_volume where id = any(?::text[]) and deleting_at is null",
                Columns.of(List.copyOf(ids)).text(id -> id),
                VolumeRows.ROWS)
            .stream()
            .filter(volume -> volume.account().equals(account) && volume.region().equals(region))
            .toList());
  }

  /** Locks disks by their ids, whoever's they are; those that are to be removed are left out. */
  public Map<String, PersistentVolume> lock(Collection<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return byId(
        jdbc.query(
            "select "
                + VolumeRows.COLUMNS
                + " from persistent_volume where id = any(?::text[]) and deleting_at is null"
                + " order by id for no key update",
            Columns.of(List.copyOf(ids)).text(id -> id),
            VolumeRows.ROWS));
  }

  /** Locks the disks that groups have. */
  public List<PersistentVolume> lockOf(Collection<ContainerGroupId> groups) {
    if (groups.isEmpty()) {
      return List.of();
    }
    return jdbc.query(
        "select "
            + VolumeRows.COLUMNS
            + " from persistent_volume where attached_to = any(?::text[]) order by id for no key"
            + " update",
        Columns.of(List.copyOf(groups)).text(ContainerGroupId::value),
        VolumeRows.ROWS);
  }

  /** New disks, each of the group that it is attached to, on that group's host if it has one. */
  public void insert(List<PersistentVolume> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into persistent_volume
          (id, account_id, region, zone, host_id, size_gib, fs_type, performance_level,
           delete_with_group, attached_to, created_at)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int4[],
                             ?::text[], ?::text[], ?::bool[], ?::text[], ?::timestamptz[])
        """,
        Columns.of(fresh)
            .text(PersistentVolume::id)
            .text(v -> v.account().value())
            .text(v -> v.region().value())
            .text(v -> v.zone() == null ? null : v.zone().value())
            .text(v -> v.host() == null ? null : v.host().value())
            .integer(PersistentVolume::sizeGib)
            .text(PersistentVolume::fsType)
            .text(PersistentVolume::performanceLevel)
            .bool(PersistentVolume::deleteWithGroup)
            .text(v -> v.attachedTo() == null ? null : v.attachedTo().value())
            .instant(PersistentVolume::createdAt));
  }

  /** Gives free disks, which are locked, to groups. */
  public void attach(List<Attachment> attachments) {
    if (attachments.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update persistent_volume v
        set attached_to = n.group_id, delete_with_group = n.delete_with_group
        from unnest(?::text[], ?::text[], ?::bool[]) as n (id, group_id, delete_with_group)
        where v.id = n.id and v.attached_to is null and v.deleting_at is null
        """,
        Columns.of(attachments)
            .text(Attachment::id)
            .text(a -> a.group().value())
            .bool(Attachment::deleteWithGroup));
  }

  /**
   * Says which hosts keep the disks of groups; with the same commit that gives the groups their
   * hosts, so before anything of them can be made there.
   */
  public void placed(List<Placed> groups) {
    if (groups.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update persistent_volume v set host_id = n.host_id, zone = n.zone
        from unnest(?::text[], ?::text[], ?::text[]) as n (group_id, host_id, zone)
        where v.attached_to = n.group_id and v.host_id is null
        """,
        Columns.of(groups)
            .text(p -> p.group().value())
            .text(p -> p.host().value())
            .text(p -> p.zone().value()));
  }

  /** Makes disks larger in the table; their host follows with their group. */
  public void grow(List<Growth> growths) {
    if (growths.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update persistent_volume v set size_gib = greatest(v.size_gib, n.size_gib)
        from unnest(?::text[], ?::text[], ?::int4[]) as n (id, group_id, size_gib)
        where v.id = n.id and v.attached_to = n.group_id
        """,
        Columns.of(growths).text(Growth::id).text(g -> g.group().value()).integer(Growth::sizeGib));
  }

  /**
   * Takes the disks from groups of which nothing is left on any host. Those that go with their
   * group are to be removed from then on.
   */
  public void free(Collection<ContainerGroupId> groups) {
    if (groups.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update persistent_volume v
        set attached_to = null, deleting_at = case when v.delete_with_group then now() end
        where v.attached_to = any(?::text[])
        """,
        Columns.of(List.copyOf(groups)).text(ContainerGroupId::value));
  }

  /** The hosts that groups with disks can be on alone; those with new disks alone are left out. */
  public Map<ContainerGroupId, HostId> hostsOf(Collection<ContainerGroupId> groups) {
    if (groups.isEmpty()) {
      return Map.of();
    }
    Map<ContainerGroupId, HostId> hosts = new HashMap<>();
    jdbc.query(
        "select attached_to, host_id from persistent_volume where attached_to = any(?::text[]) and"
            + " host_id is not null",
        Columns.of(List.copyOf(groups)).text(ContainerGroupId::value),
        (ResultSet row) -> {
          hosts.put(new ContainerGroupId(row.getString(1)), new HostId(row.getString(2)));
        });
    return hosts;
  }

  private static Map<String, PersistentVolume> byId(List<PersistentVolume> volumes) {
    return volumes.stream().collect(Collectors.toMap(PersistentVolume::id, Function.identity()));
  }
}
