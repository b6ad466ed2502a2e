package io.podyard.controlplane.lease;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The leases of the shards, and who lives to hold them, as the database has them. */
final class LeaseTable {

  /** A shard and the epoch under which it is held. */
  record Held(int shard, long epoch) {}

  private final String holder;
  private final double timeToLive;

  LeaseTable(String holder, Duration timeToLive) {
    this.holder = holder;
    this.timeToLive = timeToLive.toMillis() / 1e3;
  }

  String holder() {
    return holder;
  }

  /**
   * Says that this process lives, as long as a lease does. To be said before leases are renewed:
   * then the row of a process that died is over before its leases are.
   */
  void live(Connection open) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            insert into lease_holder (holder, expires_at)
            values (?, clock_timestamp() + make_interval(secs => ?))
            on conflict (holder) do update set expires_at = excluded.expires_at
            """)) {
      statement.setString(1, holder);
      statement.setDouble(2, timeToLive);
      statement.executeUpdate();
    }
  }

  /**
   * Renews leases.
   *
   * @return the shards that are this process's from now on as before; the others are lost
   */
  Set<Integer> renew(Connection open, Collection<Held> leases) throws SQLException {
    Set<Integer> renewed = new HashSet<>();
    if (leases.isEmpty()) {
      return renewed;
    }
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            update shard_lease l set expires_at = clock_timestamp() + make_interval(secs => ?)
            from unnest(?::int4[], ?::int8[]) as mine (shard, epoch)
            where l.shard = mine.shard and l.epoch = mine.epoch and l.holder = ?
            returning l.shard
            """)) {
      statement.setDouble(1, timeToLive);
      statement.setArray(2, array(open, "int4", leases.stream().map(Held::shard).toArray()));
      statement.setArray(3, array(open, "int8", leases.stream().map(Held::epoch).toArray()));
      statement.setString(4, holder);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          renewed.add(rows.getInt(1));
        }
      }
    }
    return renewed;
  }

  private static Array array(Connection open, String type, Object[] values) throws SQLException {
    return open.createArrayOf(type, values);
  }

  /**
   * How the shards stand. A process of a release that keeps no row lives as long as it holds
   * something.
   */
  Standing standing(Connection open) throws SQLException {
    List<String> living = new ArrayList<>();
    try (PreparedStatement statement =
            open.prepareStatement(
                """
                select holder, started_at from lease_holder where expires_at > clock_timestamp()
                union all
                select distinct l.holder, 'infinity'::timestamptz from shard_lease l
                where l.expires_at > clock_timestamp()
                  and not exists (select 1 from lease_holder h where h.holder = l.holder)
                order by 2, 1
                """);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        living.add(rows.getString(1));
      }
    }
    int rank = living.indexOf(holder);
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            select count(*), count(*) filter (where expires_at < clock_timestamp()),
                   extract(epoch from min(expires_at) filter (
                     where expires_at >= clock_timestamp() and holder <> ?) - clock_timestamp())
            from shard_lease
            """)) {
      statement.setString(1, holder);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        double seconds = rows.getDouble(3);
        Duration nextEnd =
            rows.wasNull() ? Standing.NEVER : Duration.ofNanos((long) (seconds * 1e9));
        // A row that is over already, on a slow machine, is this process's all the same.
        return rank < 0
            ? new Standing(
                rows.getInt(1), rows.getInt(2), living.size() + 1, living.size(), nextEnd)
            : new Standing(rows.getInt(1), rows.getInt(2), living.size(), rank, nextEnd);
      }
    }
  }

  /** Takes shards that nobody holds, at most so many. */
  List<Held> acquire(Connection open, int most) throws SQLException {
    List<Held> acquired = new ArrayList<>();
    // "for update" waits for, or here skips, writers of the last holder that are still under way.
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            update shard_lease
            set holder = ?, epoch = epoch + 1,
                expires_at = clock_timestamp() + make_interval(secs => ?)
            where shard in (
              select shard from shard_lease where expires_at < clock_timestamp()
              order by shard limit ? for update skip locked)
            returning shard, epoch
            """)) {
      statement.setString(1, holder);
      statement.setDouble(2, timeToLive);
      statement.setInt(3, most);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          acquired.add(new Held(rows.getInt(1), rows.getLong(2)));
        }
      }
    }
    return acquired;
  }

  /** Gives a shard back; void if it is not this process's any more. */
  void release(Connection open, Held lease) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            update shard_lease set expires_at = '-infinity'
            where shard = ? and holder = ? and epoch = ?
            """)) {
      statement.setInt(1, lease.shard());
      statement.setString(2, holder);
      statement.setLong(3, lease.epoch());
      statement.executeUpdate();
    }
  }

  /** Gives all back, and lives no more as far as the others are concerned. */
  void leave(Connection open) throws SQLException {
    try (PreparedStatement leases =
            open.prepareStatement(
                "update shard_lease set expires_at = '-infinity' where holder = ?");
        PreparedStatement row =
            open.prepareStatement("delete from lease_holder where holder = ?")) {
      row.setString(1, holder);
      row.executeUpdate();
      leases.setString(1, holder);
      leases.executeUpdate();
    }
  }

  /** Removes the rows of processes that died long ago. */
  void forgetTheDead(Connection open) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            "delete from lease_holder where expires_at < clock_timestamp() - interval '1 hour'")) {
      statement.executeUpdate();
    }
  }
}
