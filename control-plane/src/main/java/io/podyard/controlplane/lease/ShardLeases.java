package io.podyard.controlplane.lease;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards this process may drive. A lease lives {@link #TIME_TO_LIVE} of database time and is
 * renewed every second on a connection of its own, so a full connection pool cannot lose it. The
 * holder trusts only its own monotonic clock, from before the renewal was sent, minus a margin: it
 * stops before the database would give the shard away.
 */
public final class ShardLeases implements AutoCloseable {

  /** Told when shards come and go. Called from the thread that renews: return quickly. */
  public interface Listener {

    /**
     * The shard is held from now on. Also told when a lease went on only after it had lapsed for a
     * moment: what saw it invalid then has given up its work, although nobody else took it over.
     */
    void acquired(ShardLease lease);

    void lost(int shard);
  }

  static final Duration TIME_TO_LIVE = Duration.ofSeconds(4);
  static final Duration MARGIN = Duration.ofSeconds(1);
  private static final Duration RENEWAL = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(ShardLeases.class);

  private final DataSource connections;
  private final String holder;
  private final LongSupplier nanoTime;
  private final Map<Integer, ShardLease> held = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private @Nullable Connection connection;
  private volatile boolean closed;

  /**
   * @param connections not the common pool: the lease must not wait for work
   * @param holder unique to this run of this process
   */
  public ShardLeases(DataSource connections, String holder, LongSupplier nanoTime) {
    this.connections = connections;
    this.holder = holder;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().name("shard-leases").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  /** The lease of a shard, if it is held and surely valid right now. */
  public Optional<ShardLease> held(int shard) {
    return Optional.ofNullable(held.get(shard)).filter(ShardLease::valid);
  }

  /** Shards held and surely valid right now. */
  public Set<Integer> shards() {
    Set<Integer> shards = ConcurrentHashMap.newKeySet();
    held.forEach(
        (shard, lease) -> {
          if (lease.valid()) {
            shards.add(shard);
          }
        });
    return shards;
  }

  private void run() {
    while (!closed) {
      try {
        round();
      } catch (SQLException e) {
        log.warn("leases could not be renewed: {}", e.getMessage());
        disconnect();
      } catch (Throwable failure) {
        // Whatever it is, the thread goes on: without it nobody here would ever drive again.
        Mishaps.tell(log, Loop.LEASES, "renewing leases failed", failure);
        disconnect();
      }
      try {
        dropExpired();
      } catch (Throwable failure) {
        Mishaps.tell(log, Loop.LEASES, "dropping leases failed", failure);
      }
      try {
        Thread.sleep(RENEWAL);
      } catch (InterruptedException e) {
        break;
      }
    }
  }

  /** One listener that fails must not keep the others from hearing it. */
  private void tell(Consumer<Listener> news) {
    for (Listener listener : listeners) {
      try {
        news.accept(listener);
      } catch (Throwable failure) {
        Mishaps.tell(log, Loop.LEASES, "a change of leases was of no use", failure);
      }
    }
  }

  /** Renews what is held and takes what is free. */
  void round() throws SQLException {
    Connection open = connection;
    if (open == null || open.isClosed()) {
      open = connections.getConnection();
      connection = open;
    }
    for (ShardLease lease : List.copyOf(held.values())) {
      long sentAt = nanoTime.getAsLong();
      if (renew(open, lease)) {
        if (!lease.extend(sentAt + TIME_TO_LIVE.minus(MARGIN).toNanos())) {
          log.info("holds shard {} with epoch {} again", lease.shard(), lease.epoch());
          tell(listener -> listener.acquired(lease));
        }
      } else {
        lose(lease);
      }
    }
    long sentAt = nanoTime.getAsLong();
    for (ShardLease lease : acquire(open, sentAt)) {
      held.put(lease.shard(), lease);
      log.info("holds shard {} with epoch {}", lease.shard(), lease.epoch());
      tell(listener -> listener.acquired(lease));
    }
  }

  private boolean renew(Connection open, ShardLease lease) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            update shard_lease set expires_at = clock_timestamp() + make_interval(secs => ?)
            where shard = ? and holder = ? and epoch = ?
            """)) {
      statement.setDouble(1, TIME_TO_LIVE.toSeconds());
      statement.setInt(2, lease.shard());
      statement.setString(3, holder);
      statement.setLong(4, lease.epoch());
      return statement.executeUpdate() == 1;
    }
  }

  private List<ShardLease> acquire(Connection open, long sentAt) throws SQLException {
    List<ShardLease> acquired = new ArrayList<>();
    // "for update" waits for, or here skips, writers of the last holder that are still under way.
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            update shard_lease
            set holder = ?, epoch = epoch + 1,
                expires_at = clock_timestamp() + make_interval(secs => ?)
            where shard in (
              select shard from shard_lease where expires_at < clock_timestamp()
              order by shard for update skip locked)
            returning shard, epoch
            """)) {
      statement.setString(1, holder);
      statement.setDouble(2, TIME_TO_LIVE.toSeconds());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          acquired.add(
              new ShardLease(
                  rows.getInt(1),
                  rows.getLong(2),
                  nanoTime,
                  sentAt + TIME_TO_LIVE.minus(MARGIN).toNanos()));
        }
      }
    }
    return acquired;
  }

  void dropExpired() {
    for (ShardLease lease : List.copyOf(held.values())) {
      if (!lease.valid()) {
        lose(lease);
      }
    }
  }

  private void lose(ShardLease lease) {
    held.remove(lease.shard(), lease);
    lease.end();
    log.warn("lost shard {} with epoch {}", lease.shard(), lease.epoch());
    tell(listener -> listener.lost(lease.shard()));
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("closing the lease connection: {}", e.getMessage());
      }
    }
  }

  /** Stops renewing and gives nothing back, as a process that died. */
  void abandon() {
    closed = true;
    thread.interrupt();
  }

  /** Gives all shards back, so that another process need not wait for the leases to end. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    held.values().forEach(ShardLease::end);
    held.clear();
    try (Connection open = connections.getConnection();
        PreparedStatement statement =
            open.prepareStatement(
                "update shard_lease set expires_at = '-infinity' where holder = ?")) {
      statement.setString(1, holder);
      statement.executeUpdate();
    } catch (SQLException e) {
      log.info("leases not given back, they end by themselves: {}", e.getMessage());
    }
    disconnect();
  }

  /** One held shard. */
  public static final class ShardLease implements Fence {

    private final int shard;
    private final long epoch;
    private final LongSupplier nanoTime;
    private volatile long validUntil;
    private volatile boolean over;

    ShardLease(int shard, long epoch, LongSupplier nanoTime, long validUntil) {
      this.shard = shard;
      this.epoch = epoch;
      this.nanoTime = nanoTime;
      this.validUntil = validUntil;
    }

    public int shard() {
      return shard;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    /** Whether this process surely holds the shard right now. */
    public boolean valid() {
      return !over && nanoTime.getAsLong() - validUntil < 0;
    }

    @Override
    public void check() throws StaleFenceException {
      if (!valid()) {
        throw new StaleFenceException("shard %d, epoch %d is not held".formatted(shard, epoch));
      }
    }

    /**
     * Goes on until another time.
     *
     * @return false if somebody may have seen it invalid before
     */
    boolean extend(long nanos) {
      long before = validUntil;
      validUntil = nanos;
      return nanoTime.getAsLong() - before < 0;
    }

    void end() {
      over = true;
    }
  }
}
