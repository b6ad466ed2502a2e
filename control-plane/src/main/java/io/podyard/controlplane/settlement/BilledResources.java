package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.ResourceKind;
import io.podyard.controlplane.usage.VolumeMaker;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What groups and caches were called, and their tags, when their hours were settled. Bills say that
 * for ever, whatever becomes of them. A disk that a group got from a cache is called like its
 * group, and a volume like the group that made it.
 */
final class BilledResources {

  /**
   * A group has another version from an hour on only when it is charged for that for the first
   * time, and the account for no later one; hours that are corrected, or charged late, have the
   * version they had.
   *
   * <p>Nobody has counted yet what is being filled here, so each group's own rows are asked for in
   * a way that leaves no choice but the index.
   */
  private static final String NOTE =
      """
      with charged as materialized (
             select resource_id, %s as id, min(revision) = 0 as first
             from charge_line
             where account_id = ? and hour = ? and resource_kind = ? and settled_at = now()
             group by resource_id),
           facts as materialized (%s),
           known as materialized (
             select f.*, b.at, b.to_hour > ? as covered,
                    ? and f.first and b.from_hour < ? and b.to_hour = 'infinity'
                      and (b.name, b.tags) is distinct from (f.name, f.tags) as over
             from facts f
                  left join lateral (
                    select v.ctid as at, v.from_hour, v.to_hour, v.name, v.tags
                    from billed_resource v
                    where v.account_id = ? and v.resource_id = f.resource_id
                      and v.resource_kind = ? and v.from_hour <= ?
                    order by v.from_hour desc limit 1) b on true),
           ended as (
             update billed_resource b set to_hour = ? from known k where k.over and b.ctid = k.at)
      insert into billed_resource
        (account_id, resource_kind, resource_id, from_hour, to_hour, name, tags)
      select ?, ?, k.resource_id, ?,
             coalesce((select min(n.from_hour) from billed_resource n
                       where n.account_id = ? and n.resource_id = k.resource_id and n.resource_kind = ?
                         and n.from_hour > ?),
                      'infinity'),
             k.name, k.tags
      from known k where k.over or k.covered is not true
      """;

  private static final String GROUPS =
      """
      select c.resource_id, c.first, coalesce(g.name, h.name) as name, coalesce(g.tags, h.tags, '{}') as tags
      from charged c
           left join container_group g on g.id = c.id
           left join lateral (
             select o.name, o.record -> 'tags' as tags from container_group_history o
             where o.id = c.id and g.id is null limit 1) h on true
      where g.id is not null or h.name is not null\
      """;

  private static final String CACHES =
      """
      select c.resource_id, c.first, coalesce(i.name, f.name) as name, coalesce(i.tags, f.tags) as tags
      from charged c
           left join %1$s i on i.id = c.id
           left join former_%1$s f on f.id = c.id
      where i.id is not null or f.id is not null\
      """;

  private static final String VOLUMES =
      """
      select c.resource_id, c.first, m.name, coalesce(m.tags, '{}') as tags
      from charged c
           cross join lateral (
             select g.name, g.tags from container_group g where """
          + VolumeMaker.made("c.id", "g.id", "g.spec")
          + """

             union all
             select h.name, h.record -> 'tags' from container_group_history h where """
          + VolumeMaker.made("c.id", "h.id", "(h.record -> 'spec')")
          + """

             limit 1) m\
          """;

  private static final String ITSELF = "resource_id collate \"default\"";

  /**
   * What of the id of a disk, or of a cache that is made anew, is the one of what it belongs to.
   */
  private static final String OWNER = "split_part(" + ITSELF + ", '.', 1)";

  private BilledResources() {}

  /**
   * After the lines of this transaction are there.
   *
   * @param kinds of what they charge
   * @param newest whether no later hour of the account has lines
   */
  static void note(JdbcTemplate jdbc, AccountHour of, Set<ResourceKind> kinds, boolean newest) {
    for (ResourceKind kind : kinds) {
      switch (kind) {
        case CONTAINER_GROUP -> note(jdbc, of, kind, NOTE.formatted(ITSELF, GROUPS), newest);
        case CACHE_DISK -> note(jdbc, of, kind, NOTE.formatted(OWNER, GROUPS), newest);
        case IMAGE_CACHE ->
            note(jdbc, of, kind, NOTE.formatted(OWNER, CACHES.formatted("image_cache")), newest);
        case DATA_CACHE ->
            note(jdbc, of, kind, NOTE.formatted(OWNER, CACHES.formatted("data_cache")), newest);
        case VOLUME -> note(jdbc, of, kind, NOTE.formatted(ITSELF, VOLUMES), newest);
        case VIRTUAL_NODE, RESERVED_INSTANCES, SAVINGS_PLAN -> {
          // They have no names.
        }
      }
    }
  }

  private static void note(
      JdbcTemplate jdbc, AccountHour of, ResourceKind ofKind, String sql, boolean newest) {
    String account = of.account().value();
    String kind = ofKind.code();
    OffsetDateTime hour = of.hour().start().atOffset(ZoneOffset.UTC);
    jdbc.update(
        sql, account, hour, kind, hour, newest, hour, account, kind, hour, hour, account, kind,
        hour, account, kind, hour);
  }
}
