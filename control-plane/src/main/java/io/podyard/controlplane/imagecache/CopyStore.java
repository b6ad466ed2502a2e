package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.imagecache.CacheWish.Content;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HeldLayer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows of what hosts hold. What a driver writes names the epoch of its shard and is void under
 * another one; the lease's row is locked against a takeover meanwhile.
 */
@Component
class CopyStore {

  private static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  private static final String IF_HELD = " and shard in (select shard from held)";

  private static final long GIB = 1L << 30;

  /**
   * What a copy is made of.
   *
   * @param access sealed
   * @param known the digests that the names stood for when the first host fetched them, in their
   *     order; empty if none has
   */
  record Order(
      AccountId account, Content content, String access, Instant deadline, List<String> known) {

    Order {
      known = List.copyOf(known);
    }
  }

  /**
   * How images came to a host.
   *
   * @param fromRegistry the bytes that registries had to send; the rest was kept nearby
   */
  record Fetched(Duration took, long fromRegistry) {}

  private final JdbcTemplate jdbc;
  private final HostTaskTable table;
  private final TransactionTemplate transaction;
  private final CommitPoints points;

  CopyStore(JdbcTemplate jdbc, TransactionTemplate transaction, CommitPoints points) {
    this.jdbc = jdbc;
    this.table = new HostTaskTable(jdbc, "image_cache_copy");
    this.transaction = transaction;
    this.points = points;
  }

  HostTaskTable table() {
    return table;
  }

  /**
   * What is to be done on the hosts of shards, what is to be held before what is to be let go.
   *
   * @param perHost at most so many of each host
   */
  List<CacheCopy> toDo(Collection<Integer> shards, int perHost) {
    return jdbc.query(
        """
        select * from (
          select *, row_number() over (
              partition by host_id order by finished_at is not null, created_at, id) as place
          from image_cache_copy
          where shard = any(?::int4[]) and cleared_at is null
            and (held_at is null or finished_at is not null)
            and (finished_at is not null or next_try_at <= now())) ordered
        where place <= ? order by created_at, id
        """,
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("int4", shards.toArray()));
          statement.setInt(2, perHost);
        },
        (row, n) ->
            new CacheCopy(
                row.getString("id"),
                row.getString("cache_id"),
                row.getInt("revision"),
                new HostId(row.getString("host_id")),
                row.getInt("shard"),
                row.getInt("tries"),
                row.getObject("finished_at") != null));
  }

  /** Empty if its cache or revision is gone. */
  Optional<Order> order(CacheCopy copy) {
    return jdbc
        .query(
            """
            select c.account_id, r.*, array(
              select digest from image_cache_image i
              where i.cache_id = r.cache_id and i.revision = r.revision order by position) as known
            from image_cache_revision r join image_cache c on c.id = r.cache_id
            where r.cache_id = ? and r.revision = ? and c.deleting_at is null
            """,
            (row, n) ->
                new Order(
                    new AccountId(row.getString("account_id")),
                    ImageCacheRows.content(row),
                    row.getString("access"),
                    Objects.requireNonNull(ImageCacheRows.instant(row, "deadline_at")),
                    Columns.texts(row, row.findColumn("known"))),
            copy.cache(),
            copy.revision())
        .stream()
        .findFirst();
  }

  /**
   * Notes how far it is.
   *
   * @return whether it is still wanted
   */
  boolean progress(CacheCopy copy, long done, long total, long fromRegistry, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + "update image_cache_copy set bytes_done = ?, bytes_total = ?, bytes_from_registry"
                + " = ? where id = ? and finished_at is null"
                + IF_HELD,
            copy.shard(),
            epoch,
            done,
            total,
            fromRegistry,
            copy.id())
        == 1;
  }

  /**
   * Notes that a host holds all images of a revision. The first one says what that is; what others
   * hold has to be the same. If it is more than was asked for, the revision cannot be made.
   *
   * @param fetched how long that was and what registries had to send
   * @return whether it is so now; false if it is not wanted any more, not ours to say, or not what
   *     the first host holds
   */
  boolean held(
      CacheCopy copy,
      Order order,
      List<HeldImage> images,
      Fetched fetched,
      Instant now,
      long epoch) {
    points.reached("heldCopy", Side.BEFORE);
    Boolean held = transaction.execute(_ -> heldLocked(copy, order, images, fetched, now, epoch));
    points.reached("heldCopy", Side.AFTER);
    return Boolean.TRUE.equals(held);
  }

  private boolean heldLocked(
      CacheCopy copy,
      Order order,
      List<HeldImage> images,
      Fetched fetched,
      Instant now,
      long epoch) {
    // Always the cache first: whoever plans its copies holds it as well.
    boolean wanted =
        !jdbc.query(
                "select id from image_cache where id = ? and deleting_at is null for no key update",
                (row, n) -> row.getString(1),
                copy.cache())
            .isEmpty();
    List<String> known =
        jdbc.query(
            "select digest from image_cache_image where cache_id = ? and revision = ? order by"
                + " position",
            (row, n) -> row.getString(1),
            copy.cache(),
            copy.revision());
    List<String> digests = images.stream().map(HeldImage::digest).toList();
    boolean other = !known.isEmpty() && !known.equals(digests);
    if (!wanted || other || digests.size() != order.content().images().size()) {
      return false;
    }
    long bytes = bytes(images);
    boolean ours =
        jdbc.update(
                OF_HOLDER
                    + "update image_cache_copy set held_at = ?, bytes_done = ?, bytes_total = ?"
                    + " where id = ? and finished_at is null"
                    + IF_HELD,
                copy.shard(),
                epoch,
                ImageCacheStore.at(now),
                bytes,
                bytes,
                copy.id())
            == 1;
    if (ours && known.isEmpty()) {
      insert(copy, order, images);
      jdbc.update(
          """
          update image_cache_revision
          set bytes = ?, fetch_millis = ?, fetched_bytes = ?, problem = ?
          where cache_id = ? and revision = ?
          """,
          bytes,
          fetched.took().toMillis(),
          FetchSpeeds.measured(bytes, fetched.fromRegistry()) ? fetched.fromRegistry() : 0,
          bytes > order.content().sizeGib() * GIB
              ? "The images have %d bytes and do not fit the %d GiB of the image cache."
                  .formatted(bytes, order.content().sizeGib())
              : null,
          copy.cache(),
          copy.revision());
    }
    return ours;
  }

  private void insert(CacheCopy copy, Order order, List<HeldImage> images) {
    List<Integer> positions = IntStream.range(0, images.size()).boxed().toList();
    jdbc.update(
        """
        insert into image_cache_image (cache_id, revision, position, image, digest, bytes)
        select ?, ?, * from unnest(?::int4[], ?::text[], ?::text[], ?::int8[])
        """,
        statement -> {
          statement.setString(1, copy.cache());
          statement.setInt(2, copy.revision());
          statement.setArray(
              3, statement.getConnection().createArrayOf("int4", positions.toArray()));
          statement.setArray(
              4,
              statement.getConnection().createArrayOf("text", order.content().images().toArray()));
          statement.setArray(
              5,
              statement
                  .getConnection()
                  .createArrayOf("text", images.stream().map(HeldImage::digest).toArray()));
          statement.setArray(
              6,
              statement
                  .getConnection()
                  .createArrayOf("int8", images.stream().map(HeldImage::bytes).toArray()));
        });
    for (int position : positions) {
      Map<String, Long> layers = new HashMap<>();
      images.get(position).layers().forEach(layer -> layers.put(layer.digest(), layer.bytes()));
      jdbc.batchUpdate(
          "insert into image_cache_layer values (?, ?, ?, ?, ?)",
          layers.entrySet(),
          100,
          (statement, layer) -> {
            statement.setString(1, copy.cache());
            statement.setInt(2, copy.revision());
            statement.setInt(3, position);
            statement.setString(4, layer.getKey());
            statement.setLong(5, layer.getValue());
          });
    }
  }

  /** What images have together, each content once. */
  static long bytes(List<HeldImage> images) {
    Set<String> counted = new HashSet<>();
    long bytes = 0;
    for (HeldImage image : images) {
      boolean first = counted.add(image.digest());
      long ofLayers = 0;
      for (HeldLayer layer : image.layers()) {
        ofLayers += layer.bytes();
        if (counted.add(layer.digest())) {
          bytes += layer.bytes();
        }
      }
      bytes += first ? Math.max(0, image.bytes() - ofLayers) : 0;
    }
    return bytes;
  }

  /**
   * Notes that the registry was asked in vain.
   *
   * @param problem of the whole revision if it cannot be made; empty if it is tried again
   */
  void failed(CacheCopy copy, Duration pause, String problem, long epoch) {
    transaction.executeWithoutResult(
        _ -> {
          boolean ours =
              jdbc.update(
                      OF_HOLDER
                          + "update image_cache_copy set tries = tries + 1, next_try_at = now() +"
                          + " make_interval(secs => ?) where id = ? and finished_at is null"
                          + IF_HELD,
                      copy.shard(),
                      epoch,
                      pause.toMillis() / 1000.0,
                      copy.id())
                  == 1;
          if (ours && !problem.isEmpty()) {
            jdbc.update(
                "update image_cache_revision set problem = ? where cache_id = ? and revision = ?"
                    + " and bytes is null",
                problem,
                copy.cache(),
                copy.revision());
            // One of several hosts that cannot get what another one has: it is tried elsewhere.
            jdbc.update(
                "update image_cache_copy set finished_at = now() where id = ? and exists (select 1"
                    + " from image_cache_revision where cache_id = ? and revision = ? and bytes is"
                    + " not null)",
                copy.id(),
                copy.cache(),
                copy.revision());
          }
        });
  }

  /** Nothing wants it any more. */
  void end(CacheCopy copy) {
    jdbc.update(
        "update image_cache_copy set finished_at = now() where id = ? and finished_at is null",
        copy.id());
  }

  /** Notes that the host holds nothing of it any more. */
  void cleared(CacheCopy copy, Instant now, long epoch) {
    points.reached("clearCopy", Side.BEFORE);
    int _ =
        jdbc.update(
            OF_HOLDER
                + "update image_cache_copy set cleared_at = ? where id = ? and finished_at is not"
                + " null"
                + IF_HELD,
            copy.shard(),
            epoch,
            ImageCacheStore.at(now),
            copy.id());
    points.reached("clearCopy", Side.AFTER);
  }

  /** The hosts of shards that hold anything, as far as is known here. */
  Set<HostId> holders(Collection<Integer> shards) {
    return new HashSet<>(
        jdbc.query(
            "select distinct host_id from image_cache_copy where shard = any(?::int4[]) and held_at"
                + " is not null and finished_at is null",
            statement ->
                statement.setArray(
                    1, statement.getConnection().createArrayOf("int4", shards.toArray())),
            (row, n) -> new HostId(row.getString(1))));
  }

  /**
   * What a host was to hold and does not: it is to be made again.
   *
   * @param found the keys that it does hold
   * @param before what was held by then, since a look at the host takes its time
   */
  int missing(HostId host, Collection<String> found, Instant before) {
    return jdbc.update(
        """
        update image_cache_copy
        set held_at = null, tries = 0, next_try_at = now(), bytes_done = 0
        where host_id = ? and held_at < ? and finished_at is null
          and not (cache_id || '.' || revision = any(?::text[]))
        """,
        statement -> {
          statement.setString(1, host.value());
          statement.setObject(2, ImageCacheStore.at(before));
          statement.setArray(3, statement.getConnection().createArrayOf("text", found.toArray()));
        });
  }
}
