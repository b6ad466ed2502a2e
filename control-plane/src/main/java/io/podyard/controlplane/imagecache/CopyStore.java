package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.cache.CopyTable;
import io.podyard.controlplane.imagecache.CacheWish.Content;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.AccountId;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HeldLayer;
import java.time.Duration;
import java.time.Instant;
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

/** The rows of what hosts hold of image caches. */
@Component
class CopyStore extends CopyTable {

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
  private final TransactionTemplate transaction;
  private final CommitPoints points;

  CopyStore(JdbcTemplate jdbc, TransactionTemplate transaction, CommitPoints points) {
    super(jdbc, transaction, points, new Names("image_cache", "bytes_from_registry", "clearCopy"));
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.points = points;
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
    boolean ours = noteHeld(copy, bytes, now, epoch);
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
}
