package io.podyard.controlplane.datacache;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.containergroup.GroupDataCaches;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Finds the caches that groups mount, and keeps what they are as long as the groups. */
@Component
class DataCachesOfGroups implements GroupDataCaches {

  private record There(
      String id, String path, String status, int revision, int sizeGib, @Nullable String digest) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  DataCachesOfGroups(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  @Override
  public Look look(AccountId account, RegionId region, String bucket, String path) {
    Optional<There> found =
        jdbc
            .query(
                """
                select c.id, c.path, c.status, c.revision, r.size_gib, r.digest
                from data_cache c
                left join data_cache_revision r on r.cache_id = c.id and r.revision = c.revision
                where c.account_id = ? and c.region = ? and c.bucket = ? and c.deleting_at is null
                  and (c.expires_at is null or c.expires_at > now())
                  and (c.path = ? or starts_with(?, c.path || '/'))
                order by c.status = 'Failed', length(c.path) desc, c.id desc limit 1
                """,
                (row, n) ->
                    new There(
                        row.getString("id"),
                        row.getString("path"),
                        row.getString("status"),
                        row.getInt("revision"),
                        row.getInt("size_gib"),
                        row.getString("digest")),
                account.value(),
                region.value(),
                bucket,
                path,
                path)
            .stream()
            .findFirst();
    if (found.isEmpty()) {
      return new Look.Nothing();
    }
    There there = found.get();
    String digest = there.digest();
    if (digest == null || !there.status().equals(DataCacheStatus.AVAILABLE.wireName())) {
      return new Look.Unusable(there.id(), there.status());
    }
    String key = CacheCopy.key(there.id(), there.revision());
    return new Look.There(
        new Mounted(
            there.id(),
            there.revision(),
            there.sizeGib(),
            key,
            digest,
            path.equals(there.path()) ? "" : path.substring(there.path().length() + 1),
            hosts(Set.of(key)).getOrDefault(key, Set.of())));
  }

  @Override
  public Map<String, Set<HostId>> hosts(Set<String> keys) {
    Map<String, Set<HostId>> hosts = new HashMap<>();
    jdbc.query(
        """
        select w.key, k.host_id
        from unnest(?::text[]) as w (key)
             join data_cache_copy k on k.cache_id = split_part(w.key, '.', 1)
               and k.revision::text = split_part(w.key, '.', 2)
        where k.held_at is not null and k.finished_at is null
        """,
        Columns.of(List.copyOf(keys)).text(key -> key),
        row -> {
          hosts
              .computeIfAbsent(row.getString(1), _ -> new HashSet<>())
              .add(new HostId(row.getString(2)));
        });
    return hosts;
  }

  @Override
  public void use(ContainerGroupId group, Collection<Mounted> data) {
    // In the order of their ids, or two groups could wait for each other.
    TreeMap<String, Mounted> each = new TreeMap<>();
    data.forEach(one -> each.put(one.key(), one));
    transaction.executeWithoutResult(_ -> each.values().forEach(one -> use(group, one)));
  }

  private void use(ContainerGroupId group, Mounted data) {
    // Whoever forgets a revision holds the cache's row otherwise.
    List<String> there =
        jdbc.query(
            "select id from data_cache where id = ? and deleting_at is null for share",
            (row, n) -> row.getString(1),
            data.cache());
    int kept =
        there.isEmpty()
            ? 0
            : jdbc.update(
                """
                insert into data_cache_use (group_id, cache_id, revision)
                select ?, cache_id, revision from data_cache_revision
                where cache_id = ? and revision = ?
                """,
                group.value(),
                data.cache(),
                data.revision());
    if (kept == 0) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER_NOT_FOUND,
              "DataCacheBucket",
              data.cache(),
              "was a data cache of which something else became just now; try again"));
    }
  }
}
