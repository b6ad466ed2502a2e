package io.podyard.controlplane.datacache;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Which groups mount what, and whether their hosts have it. A use is looked at often only until the
 * group's host has what it mounts.
 */
@Component
class DataCacheUses {

  /** As many uses are looked at in one round; a million of them within the hour. */
  private static final int MOST_AT_ONCE = 2000;

  /** Whether a group {@code g} is there, or may start yet. */
  private static final String NEEDS =
      "(g.final_at is null or (g.host_id is not null and g.released_at is null))";

  /**
   * Whether a use {@code u} counts: that of a group, or of one that may just be written, which
   * takes a few seconds at most.
   */
  private static final String COUNTS =
      """
      (exists (select 1 from container_group g where g.id = u.group_id and %s)
       or (u.created_at > now() - interval '20 seconds'
           and not exists (select 1 from container_group g where g.id = u.group_id)))\
      """
          .formatted(NEEDS);

  /** Whether a group on the host of a copy {@code k} needs it, or may come there. */
  static final String USED =
      """
      exists (
        select 1 from data_cache_use u left join container_group g on g.id = u.group_id
        where u.cache_id = k.cache_id and u.revision = k.revision and %s
          and (g.host_id is null or g.host_id = k.host_id))\
      """
          .formatted(COUNTS);

  /** Uses {@code u} by groups on a host {@code h} with a copy {@code o} of it, or none. */
  static final String UNSERVED =
      """
      from data_cache_use u
      join container_group g on g.id = u.group_id and %s
      join host h on h.id = g.host_id
      join data_cache_revision r on r.cache_id = u.cache_id and r.revision = u.revision
        and r.digest is not null
      left join data_cache_copy o on o.id = u.cache_id || '.' || u.revision || '@' || h.id
      where u.served_at is null\
      """
          .formatted(NEEDS);

  /** Whether a host is to be brought it, with a copy {@code o} that was there once, or none. */
  static final String LACKS =
      """
      (o.id is null
       or (o.cleared_at is not null
           and o.finished_at <= now() - interval '10 seconds' * power(2, least(o.tries, 7))))\
      """;

  /** Whether a copy {@code o} is there. */
  static final String HAS = "(o.held_at is not null and o.finished_at is null)";

  private final JdbcTemplate jdbc;

  /** The group up to which they were looked at. */
  private String after = "";

  DataCacheUses(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Forgets uses of groups that are no more, and has groups brought again what their hosts do not
   * have any more; some at a time, all in turn. One whose group is late stays longer than it
   * counts: the group then gets what it mounts after all.
   */
  void look() {
    List<String> groups =
        jdbc.query(
            "select group_id from data_cache_use where group_id > ? order by group_id limit ?",
            (row, n) -> row.getString(1),
            after,
            MOST_AT_ONCE);
    if (!groups.isEmpty()) {
      jdbc.update(
          """
          delete from data_cache_use where (group_id, cache_id, revision) in (
            select u.group_id, u.cache_id, u.revision from data_cache_use u
            where u.group_id > ? and u.group_id <= ?
              and not exists (select 1 from container_group g where g.id = u.group_id and %s)
              and (u.created_at < now() - interval '2 minutes' or u.served_at is not null
                   or exists (select 1 from container_group g where g.id = u.group_id)
                   or exists (select 1 from container_group_history h where h.id = u.group_id))
            order by u.group_id, u.cache_id, u.revision for update skip locked)
          """
              .formatted(NEEDS),
          after,
          groups.getLast());
      jdbc.update(
          """
          update data_cache_use set served_at = null where (group_id, cache_id, revision) in (
            select u.group_id, u.cache_id, u.revision from data_cache_use u
            join container_group g on g.id = u.group_id
            where u.group_id > ? and u.group_id <= ? and u.served_at is not null
              and not exists (
                select 1 from data_cache_copy o
                where o.id = u.cache_id || '.' || u.revision || '@' || g.host_id
                  and o.finished_at is null)
            order by u.group_id, u.cache_id, u.revision for update of u skip locked)
          """,
          after,
          groups.getLast());
    }
    after = groups.size() < MOST_AT_ONCE ? "" : groups.getLast();
  }

  /** Uses by groups whose hosts have it are not looked at any more. */
  void noteServed(String cache) {
    jdbc.update(
        """
        with served as (
          update data_cache_use set served_at = now()
          where (group_id, cache_id, revision) in (
            select u.group_id, u.cache_id, u.revision %s and %s and u.cache_id = ?)
          returning created_at)
        update data_cache c
        set last_matched_at = greatest(c.last_matched_at, (select max(created_at) from served))
        where c.id = ? and exists (select 1 from served)
        """
            .formatted(UNSERVED, HAS),
        cache,
        cache);
  }
}
