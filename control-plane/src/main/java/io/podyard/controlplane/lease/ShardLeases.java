package io.podyard.controlplane.lease;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
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
 *
 * <p>The processes that live share the shards evenly; who lives is a row of each, renewed with its
 * leases. One that has more than its share gives a shard away after the other, one that has less
 * takes what is free; what a dead one held is taken by all others together as soon as it is over.
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

    /** Whether something is still under way on hosts of a shard that was lost. */
    default boolean isBusy(int shard) {
      return false;
    }
  }

  static final Duration TIME_TO_LIVE = Duration.ofSeconds(4);
  static final Duration MARGIN = Duration.ofSeconds(1);
  private static final Duration RENEWAL = Duration.ofSeconds(1);

  /** Between rounds while this process has not its share. */
  private static final Duration STEP = Duration.ofMillis(200);

  /** Past the end of another's lease, so that it is over then. */
  private static final Duration SHORTEST = Duration.ofMillis(20);

  private static final Logger log = LoggerFactory.getLogger(ShardLeases.class);

  private final DataSource connections;
  private final Duration timeToLive;
  private final LeaseTable table;
  private final LongSupplier nanoTime;
  private final Map<Integer, ShardLease> held = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private @Nullable Connection connection;

  /** The one that is being given to others, by this process's own will. */
  private @Nullable ShardLease leaving;

  private volatile boolean closed;

  /** Shards there are, 1 before it is known. */
  private volatile int all = 1;

  /**
   * @param connections not the common pool: the lease must not wait for work
   * @param holder unique to this run of this process
   */
  public ShardLeases(DataSource connections, String holder, LongSupplier nanoTime) {
    this(connections, holder, nanoTime, TIME_TO_LIVE);
  }

  ShardLeases(DataSource connections, String holder, LongSupplier nanoTime, Duration timeToLive) {
    this.connections = connections;
    this.timeToLive = timeToLive;
    this.table = new LeaseTable(holder, timeToLive);
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().name("shard-leases").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** What this process is called where shards are listed. */
  public String holder() {
    return table.holder();
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

  /** What part of all shards this process holds, 0 to 1; valid or not. */
  public double share() {
    return Math.min(1, (double) held.size() / all);
  }

  private void run() {
    while (!closed) {
      Duration pause = RENEWAL;
      try {
        pause = round();
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
        Thread.sleep(pause);
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

  /**
   * Renews what is held and moves one step towards this process's share.
   *
   * @return how long until the next round
   */
  Duration round() throws SQLException {
    Connection open = connection;
    if (open == null || open.isClosed()) {
      open = connections.getConnection();
      connection = open;
      table.forgetTheDead(open);
    }
    table.live(open);
    renew(open);
    release(open);
    Standing standing = table.standing(open);
    all = standing.shards();
    int missing = standing.share() - held.size();
    if (missing > 0) {
      acquire(open, missing);
    } else if (missing < 0 && leaving == null && standing.free() == 0) {
      // Only when what was given before is taken, so never more than one lies idle for this.
      beginToLeave();
    }
    return pause(standing);
  }

  /** Short while shards are on their way, and never past the end of another's lease. */
  private Duration pause(Standing standing) {
    boolean settled = leaving == null && held.size() == standing.share();
    Duration usual = settled ? RENEWAL : STEP;
    Duration end = standing.nextEnd().plus(SHORTEST);
    return end.compareTo(usual) < 0 ? end : usual;
  }

  private void renew(Connection open) throws SQLException {
    List<ShardLease> leases = List.copyOf(held.values());
    long sentAt = nanoTime.getAsLong();
    Set<Integer> renewed = table.renew(open, leases.stream().map(ShardLease::row).toList());
    for (ShardLease lease : leases) {
      if (!renewed.contains(lease.shard())) {
        lose(lease);
      } else if (!lease.extend(validUntil(sentAt))) {
        log.info("holds shard {} with epoch {} again", lease.shard(), lease.epoch());
        tell(listener -> listener.acquired(lease));
      }
    }
  }

  private void acquire(Connection open, int most) throws SQLException {
    long sentAt = nanoTime.getAsLong();
    for (LeaseTable.Held row : table.acquire(open, most)) {
      ShardLease lease = new ShardLease(row.shard(), row.epoch(), nanoTime, validUntil(sentAt));
      held.put(lease.shard(), lease);
      log.info("holds shard {} with epoch {}", lease.shard(), lease.epoch());
      tell(listener -> listener.acquired(lease));
    }
  }

  private long validUntil(long sentAt) {
    return sentAt + timeToLive.minus(MARGIN).toNanos();
  }

  /**
   * Ends the lease of one shard here. In the table it stays this process's, and is renewed no more,
   * until what is under way has seen that it is over.
   */
  private void beginToLeave() {
    ShardLease lease =
        held.values().stream().max(Comparator.comparingInt(ShardLease::shard)).orElseThrow();
    held.remove(lease.shard(), lease);
    lease.end();
    leaving = lease;
    log.info("gives shard {} with epoch {} to others", lease.shard(), lease.epoch());
    tell(listener -> listener.lost(lease.shard()));
  }

  private void release(Connection open) throws SQLException {
    ShardLease lease = leaving;
    if (lease == null) {
      return;
    }
    // One whose end is not seen to is over by itself when its time is.
    if (lease.isOverdue() || listeners.stream().noneMatch(each -> each.isBusy(lease.shard()))) {
      table.release(open, lease.row());
      leaving = null;
    }
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
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    held.values().forEach(ShardLease::end);
    held.clear();
    try (Connection open = connections.getConnection()) {
      table.leave(open);
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

    LeaseTable.Held row() {
      return new LeaseTable.Held(shard, epoch);
    }

    /** Whether its time is over, whether or not it was ended before. */
    boolean isOverdue() {
      return nanoTime.getAsLong() - validUntil >= 0;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    /** Whether this process surely holds the shard right now. */
    public boolean valid() {
      return !over && !isOverdue();
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
