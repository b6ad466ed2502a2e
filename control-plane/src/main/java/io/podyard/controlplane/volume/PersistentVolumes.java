package io.podyard.controlplane.volume;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The table of disks. Rows are locked in the order of their ids, after groups and before hosts.
 * Every statement may be repeated.
 */
@Component
public class PersistentVolumes {

  private static final String COLUMNS =
      "id, account_id, region, zone, host_id, size_gib, fs_type, delete_with_group, attached_to,"
          + " created_at";

  private final JdbcTemplate jdbc;

  public PersistentVolumes(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** An existing disk that a group is to have. */
  public record Claim(String id, AccountId account, RegionId region, ContainerGroupId group) {}

  /** New disks, inside the caller's transaction, each of the group that it is attached to. */
  public void insert(List<PersistentVolume> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into persistent_volume
          (id, account_id, region, size_gib, fs_type, delete_with_group, attached_to, created_at)
        select id, account_id, region, size_gib, fs_type, with_group = 1, attached_to, created_at
        from unnest(?::text[], ?::text[], ?::text[], ?::int4[], ?::text[], ?::int4[], ?::text[],
                    ?::timestamptz[])
          as v (id, account_id, region, size_gib, fs_type, with_group, attached_to, created_at)
        on conflict (id) do nothing
        """,
        Columns.of(fresh)
            .text(PersistentVolume::id)
            .text(v -> v.account().value())
            .text(v -> v.region().value())
            .integer(PersistentVolume::sizeGib)
            .text(PersistentVolume::fsType)
            .integer(v -> v.deleteWithGroup() ? 1 : 0)
            .text(v -> v.attachedTo() == null ? null : v.attachedTo().value())
            .instant(PersistentVolume::createdAt));
  }

  /**
   * Attaches existing disks inside the caller's transaction. Of two groups that want one the first
   * in the list gets it.
   *
   * @return the disks that their groups have now, by id; a disk that is missing is another's, is
   *     being removed, or is not there
   */
  public Map<String, ContainerGroupId> attach(List<Claim> claims) {
    Map<String, ContainerGroupId> owners = new HashMap<>();
    if (claims.isEmpty()) {
      return owners;
    }
    Map<String, PersistentVolume> rows = new HashMap<>();
    jdbc.query(
        "select "
            + COLUMNS
            + " from persistent_volume where id = any(?::text[]) and not deleting"
            + " order by id for no key update",
        Columns.of(claims).text(Claim::id),
        row -> {
          PersistentVolume volume = volume(row);
          rows.put(volume.id(), volume);
        });
    for (Claim claim : claims) {
      PersistentVolume row = rows.get(claim.id());
      if (row != null
          && row.account().equals(claim.account())
          && row.region().equals(claim.region())
          && (row.attachedTo() == null || row.attachedTo().equals(claim.group()))) {
        owners.putIfAbsent(claim.id(), claim.group());
      }
    }
    List<Map.Entry<String, ContainerGroupId>> taken = List.copyOf(owners.entrySet());
    if (!taken.isEmpty()) {
      jdbc.update(
          """
          update persistent_volume v set attached_to = n.group_id
          from unnest(?::text[], ?::text[]) as n (id, group_id) where v.id = n.id
          """,
          Columns.of(taken).text(Map.Entry::getKey).text(e -> e.getValue().value()));
    }
    return owners;
  }

  /** Says which host keeps the disks of a group; before anything of them is made there. */
  public void placed(ContainerGroupId group, HostId host, ZoneId zone) {
    jdbc.update(
        "update persistent_volume set host_id = ?, zone = ? where attached_to = ? and host_id is"
            + " null",
        host.value(),
        zone.value(),
        group.value());
  }

  /**
   * Takes the disks from groups of which nothing is left: on no host, by the host's own proof, or
   * without a record. Those that go with their group are to be removed from then on.
   *
   * @return how many were freed
   */
  public int free() {
    return jdbc.update(
        """
        update persistent_volume v
        set attached_to = null, deleting = v.deleting or v.delete_with_group
        where v.id in (
          select f.id from persistent_volume f
          where f.attached_to is not null and not exists (
            select 1 from container_group g
            where g.id = f.attached_to and g.released_at is null
              and (g.host_id is not null or g.final_at is null))
          order by f.id limit 1000 for no key update skip locked)
        """);
  }

  /** Disks to be removed from hosts, at most a hundred; only those that no group has. */
  public List<PersistentVolume> toRemove(Set<HostId> hosts) {
    return jdbc.query(
        "select "
            + COLUMNS
            + " from persistent_volume where deleting and attached_to is null and host_id ="
            + " any(?::text[]) order by id limit 100",
        Columns.of(List.copyOf(hosts)).text(HostId::value),
        (row, n) -> volume(row));
  }

  /** The disk is not on its host any more. */
  public void removed(String id) {
    jdbc.update(
        "delete from persistent_volume where id = ? and deleting and attached_to is null", id);
  }

  /** Those that were never made, because their group never had a host. */
  public int removeUnmade() {
    return jdbc.update(
        "delete from persistent_volume where attached_to is null and host_id is null");
  }

  public Optional<PersistentVolume> find(AccountId account, RegionId region, String id) {
    return jdbc
        .query(
            "select "
                + COLUMNS
                + " from persistent_volume where id = ? and account_id = ? and"
                + " region = ? and not deleting",
            (row, n) -> volume(row),
            id,
            account.value(),
            region.value())
        .stream()
        .findFirst();
  }

  /**
   * A page of an account's disks, newest id first.
   *
   * @param before the last id of the page before; null for the first one
   */
  public List<PersistentVolume> page(
      AccountId account, RegionId region, @Nullable String before, int limit) {
    return jdbc.query(
        "select "
            + COLUMNS
            + " from persistent_volume where account_id = ? and region = ? and not"
            + " deleting and (?::text is null or id < ?) order by id desc limit ?",
        (row, n) -> volume(row),
        account.value(),
        region.value(),
        before,
        before,
        limit);
  }

  /**
   * Has a disk removed that no group has.
   *
   * @return false if a group has it, or there is none
   */
  public boolean delete(AccountId account, RegionId region, String id) {
    return jdbc.update(
            "update persistent_volume set deleting = true where id = ? and account_id = ? and"
                + " region = ? and attached_to is null",
            id,
            account.value(),
            region.value())
        == 1;
  }

  private static PersistentVolume volume(ResultSet row) throws SQLException {
    String zone = row.getString(4);
    String host = row.getString(5);
    String group = row.getString(9);
    return new PersistentVolume(
        row.getString(1),
        new AccountId(row.getString(2)),
        new RegionId(row.getString(3)),
        zone == null ? null : new ZoneId(zone),
        host == null ? null : new HostId(host),
        row.getInt(6),
        row.getString(7),
        row.getBoolean(8),
        group == null ? null : new ContainerGroupId(group),
        row.getTimestamp(10).toInstant());
  }
}
