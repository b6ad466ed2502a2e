package io.podyard.controlplane.imagecache;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.imagecache.DescribeImageCachesRequest;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.api.tag.Tag;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.cache.CacheFilter;
import io.podyard.controlplane.cache.CopiedBytes;
import io.podyard.controlplane.cache.PageToken;
import io.podyard.controlplane.inventory.Regions;
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
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Lists an account's caches (contract section 13): newest first, or for images that a group needs
 * in the order in which they would be used for it.
 */
@Component
public class ImageCacheListing {

  private static final int ROWS_BY_DEFAULT = 20;
  private static final int MOST_ROWS = 100;
  private static final int MOST_COUNTED = 10_000;
  private static final int MOST_IMAGES = 100;
  private static final PageToken TOKEN = new PageToken("image-cache-after:", ImageCacheIds::isId);

  /** Where the order is not that of ids: how many were before, and the last of them. */
  private static final PageToken RANKED =
      new PageToken(
          "image-cache-ranked:",
          Pattern.compile("[1-9][0-9]{0,4}@imc-[0-9a-z]{20}").asMatchPredicate());

  /** As {@link CopyPlans} looks for hosts. */
  private static final String POSSIBLE =
      """
      (select count(*) from host h
       where h.region = c.region and h.state = 'READY'
         and (c.zone is null or h.zone = c.zone or not exists (
           select 1 from host z where z.region = c.region and z.zone = c.zone)))\
      """;

  private final JdbcTemplate jdbc;
  private final Regions regions;
  private final HeldCaches held;
  private final CacheEvents events;
  private final CopyStore copies;

  ImageCacheListing(
      JdbcTemplate jdbc, Regions regions, HeldCaches held, CacheEvents events, CopyStore copies) {
    this.jdbc = jdbc;
    this.regions = regions;
    this.held = held;
    this.events = events;
    this.copies = copies;
  }

  /**
   * A page of the caches.
   *
   * @param next the token of the one after it, empty if it is the last
   * @param total how many caches there are in all
   */
  private record Page(List<ImageCacheRow> caches, String next, int total) {}

  /**
   * One page.
   *
   * @throws ApiException with every problem of the request
   */
  public DescribeImageCachesResponse describe(
      Caller caller, Decoded<DescribeImageCachesRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeImageCachesRequest draft = decoded.draft();
    RegionId region = regions.read(draft.regionId(), problems::add);
    ImageCacheRules rules = new ImageCacheRules();
    List<String> match = rules.images("MatchImage", draft.matchImage());
    problems.addAll(rules.problems());
    checkNumbers(draft, problems::add);
    PageToken tokens = match.isEmpty() ? TOKEN : RANKED;
    String after = tokens.read(draft.nextToken(), problems::add);
    CacheFilter filter =
        CacheFilter.of(caller.account(), region)
            .with("c.id = ?", draft.imageCacheId())
            .with("c.name = ?", draft.imageCacheName())
            .with("c.resource_group = ?", draft.resourceGroupId())
            .with("c.revision > 0 and c.id || '.' || c.revision = ?", draft.snapshotId())
            .tags(TagRules.filter(draft.tag(), problems::add));
    DescribeImageCachesRequest request = decoded.orThrow(problems);
    int rows = request.limit() == null ? ROWS_BY_DEFAULT : request.limit();
    String image = request.image();
    CacheFilter wanted =
        image == null || image.isEmpty() ? filter : filter.among(holding(image, filter));
    Page page =
        match.isEmpty()
            ? newest(wanted, after, rows)
            : matching(caller, region, request, wanted, after, rows);
    return new DescribeImageCachesResponse(answers(page.caches()), page.next(), null, page.total());
  }

  /**
   * One cache.
   *
   * @throws ApiException if the account has no such one there
   */
  public ImageCacheResponse require(AccountId account, RegionId region, String id) {
    CacheFilter filter = CacheFilter.of(account, region).with("c.id = ?", id);
    return answers(newest(filter, null, 1).caches()).stream()
        .findFirst()
        .orElseThrow(() -> ImageCaches.unknown(id));
  }

  /** How many bytes hosts have of a cache that there is. */
  public CopiedBytes copied(String id) {
    return copies.copied(id);
  }

  private Page newest(CacheFilter filter, @Nullable String after, int rows) {
    Integer total =
        jdbc.queryForObject(
            "select count(*) from (%s where %s limit %d) counted"
                .formatted(ImageCacheRows.SELECT, filter.sql(), MOST_COUNTED),
            Integer.class,
            filter.arguments().toArray());
    List<Object> arguments = new ArrayList<>(filter.arguments());
    String sql = ImageCacheRows.SELECT + " where " + filter.sql();
    if (after != null) {
      sql += " and c.id < ?";
      arguments.add(after);
    }
    arguments.add(rows + 1);
    List<ImageCacheRow> found =
        jdbc.query(
            sql + " order by c.id desc limit ?",
            (row, n) -> ImageCacheRows.read(row),
            arguments.toArray());
    boolean more = found.size() > rows;
    return new Page(
        more ? found.subList(0, rows) : found,
        more ? TOKEN.after(found.get(rows - 1).id()) : "",
        Objects.requireNonNull(total));
  }

  private List<ImageCacheRow> all(CacheFilter filter) {
    return jdbc.query(
        ImageCacheRows.SELECT + " where " + filter.sql() + " limit " + MOST_COUNTED,
        (row, n) -> ImageCacheRows.read(row),
        filter.arguments().toArray());
  }

  /** Those that hold an image, however it is spelled. */
  private List<String> holding(String image, CacheFilter filter) {
    String text = KnownImage.of(image).text();
    return all(filter).stream()
        .filter(row -> KnownImage.texts(row.content().images()).contains(text))
        .map(ImageCacheRow::id)
        .toList();
  }

  /** The order is not that of ids, so all are ranked for each page; an account has not many. */
  private Page matching(
      Caller caller,
      RegionId region,
      DescribeImageCachesRequest request,
      CacheFilter filter,
      @Nullable String after,
      int rows) {
    Map<String, ImageCacheRow> allowed = new HashMap<>();
    all(filter).forEach(row -> allowed.put(row.id(), row));
    Integer least = request.imageMatchCountRequest();
    List<ImageCacheRow> ranked =
        CacheMatch.ranked(request.matchImage(), held.of(caller.account(), region, null)).stream()
            .filter(match -> match.isFull() || !Boolean.TRUE.equals(request.imageFullMatch()))
            .filter(match -> least == null || match.images().size() >= least)
            .map(match -> allowed.get(match.cache().id()))
            .filter(Objects::nonNull)
            .toList();
    int from = after == null ? 0 : following(ranked, after);
    int to = Math.min(ranked.size(), from + rows);
    return new Page(
        ranked.subList(from, to),
        to < ranked.size() ? RANKED.after(to + "@" + ranked.get(to - 1).id()) : "",
        ranked.size());
  }

  /** Where a page begins: after the last of the page before; where that was, if it went. */
  private static int following(List<ImageCacheRow> ranked, String after) {
    int at = after.indexOf('@');
    String last = after.substring(at + 1);
    for (int i = 0; i < ranked.size(); i++) {
      if (ranked.get(i).id().equals(last)) {
        return i + 1;
      }
    }
    return Math.min(ranked.size(), Integer.parseInt(after.substring(0, at)) - 1);
  }

  private List<ImageCacheResponse> answers(List<ImageCacheRow> caches) {
    List<String> ids = caches.stream().map(ImageCacheRow::id).toList();
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
   * How much hosts have of what is made, in percent of the bytes of the standard copies: those of
   * the hosts that are furthest. Until the first host has it, nobody knows how many bytes those are
   * but that host.
   */
  private Map<String, Integer> progress(List<String> ids) {
    Map<String, Integer> progress = new HashMap<>();
    jdbc.query(
        """
        with asked as materialized (
          select c.id, r.revision, r.standard_copies, %s as possible
          from image_cache c
          join image_cache_revision r on r.cache_id = c.id
            and r.revision = coalesce(c.making, c.revision)
          where c.id = any(?::text[])
        )
        select id, sum(share) filter (where place <= standard) / standard as done
        from (
          select a.id, s.share, row_number() over (of_cache order by s.share desc) as place,
              greatest(1, least(a.standard_copies,
                greatest(count(k.id) over of_cache, a.possible))) as standard
          from asked a
          left join image_cache_copy k on k.cache_id = a.id and k.revision = a.revision
            and k.finished_at is null
          cross join lateral (
            select case when k.held_at is not null then 1.0
                        when k.bytes_total > 0
                        then least(0.99, k.bytes_done::numeric / k.bytes_total)
                        else 0 end as share) s
          window of_cache as (partition by a.id)
        ) copies
        group by id, standard
        """
            .formatted(POSSIBLE),
        Columns.of(ids).text(id -> id),
        row -> {
          progress.put(row.getString("id"), (int) (100 * row.getDouble("done")));
        });
    return progress;
  }

  private static ImageCacheResponse answer(
      ImageCacheRow row, List<EventResponse> events, int percent) {
    String snapshot = row.revision() == 0 ? null : ImageCacheIds.key(row.id(), row.revision());
    boolean done =
        row.status() == ImageCacheStatus.READY || row.status() == ImageCacheStatus.UPDATE_FAILED;
    return new ImageCacheResponse(
        null,
        seconds(row.createdAt()),
        row.elimination(),
        events,
        seconds(row.expiresAt()),
        row.content().flash() ? snapshot : null,
        row.id(),
        row.name(),
        row.content().sizeGib(),
        row.content().images(),
        seconds(row.lastMatchedAt()),
        (done && !row.content().flash() ? 100 : percent) + "%",
        row.region().value(),
        row.resourceGroup(),
        snapshot,
        row.status().wireName(),
        new TreeMap<>(row.tags())
            .entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList());
  }

  private static @Nullable Instant seconds(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static void checkNumbers(DescribeImageCachesRequest asked, Consumer<Problem> problems) {
    check("Limit", asked.limit(), MOST_ROWS, problems);
    check("ImageMatchCountRequest", asked.imageMatchCountRequest(), MOST_IMAGES, problems);
  }

  private static void check(
      String parameter, @Nullable Integer given, int most, Consumer<Problem> problems) {
    if (given != null && (given < 1 || given > most)) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              parameter,
              given.toString(),
              "must be from 1 to " + most));
    }
  }
}
