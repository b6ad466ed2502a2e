package io.podyard.controlplane.datacache;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DataSourceResponse;
import io.podyard.api.datacache.DescribeDataCachesRequest;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.tag.Tag;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.cache.CacheFilter;
import io.podyard.controlplane.cache.CopiedBytes;
import io.podyard.controlplane.cache.PageToken;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Lists an account's caches, newest first (contract section 14). */
@Component
public class DataCacheListing {

  private static final int MOST_ROWS = 20;
  private static final int MOST_COUNTED = 10_000;
  private static final PageToken TOKEN = new PageToken("data-cache-after:", DataCacheRules::isId);

  private static final Logger log = LoggerFactory.getLogger(DataCacheListing.class);

  private final JdbcTemplate jdbc;
  private final Regions regions;
  private final DataCacheEvents events;
  private final DataCopyStore copies;
  private final SecretBox secrets;

  DataCacheListing(
      JdbcTemplate jdbc,
      Regions regions,
      DataCacheEvents events,
      DataCopyStore copies,
      SecretBox secrets) {
    this.jdbc = jdbc;
    this.regions = regions;
    this.events = events;
    this.copies = copies;
    this.secrets = secrets;
  }

  /**
   * One page.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeDataCachesResponse describe(
      Caller caller, Decoded<DescribeDataCachesRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeDataCachesRequest draft = decoded.draft();
    RegionId region = regions.read(draft.regionId(), problems::add);
    Integer limit = draft.limit();
    if (limit != null && (limit < 1 || limit > MOST_ROWS)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Limit",
              limit.toString(),
              "must be from 1 to " + MOST_ROWS));
    }
    String after = TOKEN.read(draft.nextToken(), problems::add);
    DataCacheRules rules = new DataCacheRules();
    String path = rules.path(draft.path());
    problems.addAll(rules.problems());
    CacheFilter filter =
        CacheFilter.of(caller.account(), region)
            .ids(draft.dataCacheId())
            .with("c.bucket = ?", draft.bucket())
            .with("c.path = ?", path)
            .with("c.resource_group = ?", draft.resourceGroupId())
            .tags(TagRules.filter(draft.tag(), problems::add));
    DescribeDataCachesRequest request = decoded.orThrow(problems);
    int rows = request.limit() == null ? MOST_ROWS : request.limit();
    Integer total =
        jdbc.queryForObject(
            "select count(*) from (select 1 from data_cache c where %s limit %d) counted"
                .formatted(filter.sql(), MOST_COUNTED),
            Integer.class,
            filter.arguments().toArray());
    List<DataCacheRow> found = page(filter, after, rows + 1);
    boolean more = found.size() > rows;
    List<DataCacheRow> shown = more ? found.subList(0, rows) : found;
    return new DescribeDataCachesResponse(
        answers(shown),
        more ? TOKEN.after(shown.getLast().id()) : "",
        null,
        Objects.requireNonNull(total));
  }

  /**
   * One cache.
   *
   * @throws io.podyard.api.ApiException if the account has no such one there
   */
  public DataCacheResponse require(AccountId account, RegionId region, String id) {
    return answers(page(CacheFilter.of(account, region).ids(List.of(id)), null, 1)).stream()
        .findFirst()
        .orElseThrow(() -> DataCaches.unknown("DataCacheId", id));
  }

  /** How many bytes hosts have of a cache that there is. */
  public CopiedBytes copied(String id) {
    return copies.copied(id);
  }

  private List<DataCacheRow> page(CacheFilter filter, @Nullable String after, int limit) {
    List<Object> arguments = new ArrayList<>(filter.arguments());
    String sql = DataCacheRows.SELECT + " where " + filter.sql();
    if (after != null) {
      sql += " and c.id < ?";
      arguments.add(after);
    }
    arguments.add(limit);
    return jdbc.query(
        sql + " order by c.id desc limit ?",
        (row, n) -> DataCacheRows.read(row),
        arguments.toArray());
  }

  private List<DataCacheResponse> answers(List<DataCacheRow> caches) {
    List<String> ids = caches.stream().map(DataCacheRow::id).toList();
    Map<String, List<EventResponse>> happened = events.of(ids);
    Map<String, Integer> progress = progress(ids);
    return caches.stream()
        .map(
            row ->
                answer(
                    row,
                    happened.getOrDefault(row.id(), List.of()),
                    progress.getOrDefault(row.id(), 0)))
        .toList();
  }

  /**
   * How far the first host is with what is made, in percent of the bytes that are read and of those
   * that are brought to it. Some sources do not say how many there are before all are read.
   */
  private Map<String, Integer> progress(List<String> ids) {
    Map<String, Integer> progress = new HashMap<>();
    jdbc.query(
        """
        select c.id, max(case when k.held_at is not null then 1.0
            when k.bytes_total > 0
            then least(0.99, (k.bytes_from_source + k.bytes_done)::numeric / (2 * k.bytes_total))
            else 0 end) as done
        from data_cache c
        join data_cache_copy k on k.cache_id = c.id and k.revision = c.making
          and k.finished_at is null
        where c.id = any(?::text[])
        group by c.id
        """,
        Columns.of(ids).text(id -> id),
        row -> {
          progress.put(row.getString("id"), (int) (100 * row.getDouble("done")));
        });
    return progress;
  }

  private DataCacheResponse answer(DataCacheRow row, List<EventResponse> events, int percent) {
    boolean done =
        row.status() == DataCacheStatus.AVAILABLE || row.status() == DataCacheStatus.UPDATE_FAILED;
    return new DataCacheResponse(
        row.bucket(),
        null,
        seconds(row.createdAt()),
        row.id(),
        source(row),
        events,
        seconds(row.expiresAt()),
        null,
        seconds(row.lastMatchedAt()),
        row.name(),
        row.path(),
        (done ? 100 : percent) + "%",
        row.region().value(),
        row.resourceGroup(),
        row.sizeGib(),
        row.revision() == 0 ? null : row.id(),
        row.status().wireName(),
        new TreeMap<>(row.tags())
            .entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList());
  }

  private DataSourceResponse source(DataCacheRow row) {
    String copyOf = row.copyOf();
    if (copyOf != null) {
      return new DataSourceResponse(
          DataCacheRows.json(Map.of(StoredSource.SNAPSHOT_ID, copyOf)), StoredSource.SNAPSHOT);
    }
    try {
      StoredSource source = StoredSource.opened(secrets, row.source(), row.id());
      return new DataSourceResponse(source.shownOptions(), source.type());
    } catch (SecretNotOpenedException e) {
      log.error("the source of data cache {} does not open", row.id(), e);
      return new DataSourceResponse(null, null);
    }
  }

  private static @Nullable Instant seconds(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS);
  }
}
