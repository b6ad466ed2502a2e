package io.podyard.bench.creates;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The limit: the rows that creates leave (nonce, token, reservation, group, event) and the update
 * of the host, by plain JDBC, a hundred groups a transaction, one multi-row statement a table.
 * Nothing is decoded, verified, checked, picked or answered.
 */
final class RawCreates {

  private static final int GROUPS_PER_TRANSACTION = 100;
  private static final int NONCE_LENGTH = 32;
  private static final int GROUP_ID_LENGTH = 20;

  private final RawDatabase database;
  private final CreateRow row;
  private final List<String> hosts;

  RawCreates(RawDatabase database, CreateRow row) throws SQLException {
    this.database = database;
    this.row = row;
    this.hosts = database.hosts();
  }

  /** Groups a second over that long into empty tables, by so many connections at once. */
  double perSecond(int connections, Duration time) throws SQLException {
    database.empty();
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        open.add(database.connect());
      }
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Callable<Long>> writers = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int writer = i;
        writers.add(() -> write(open.get(writer), writer, connections, end));
      }
      long groups = 0;
      try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
        for (Future<Long> written : threads.invokeAll(writers)) {
          groups += written.get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("raw writes failed", e.getCause());
      }
      return groups / ((System.nanoTime() - start) / 1e9);
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }

  /** Writers have hosts of their own, so they never wait for one another. */
  private long write(Connection connection, int writer, int writers, long end) throws SQLException {
    connection.setAutoCommit(false);
    long groups = 0;
    try (PreparedStatement nonces =
            connection.prepareStatement(
                """
                insert into request_nonce (access_key_id, nonce)
                select ?, n from unnest(?::text[]) n
                """);
        PreparedStatement tokens =
            connection.prepareStatement(
                """
                insert into client_token
                  (account_id, region, action, token, fingerprint, resource_id)
                select ?, ?, 'CreateContainerGroup', t.token, ?, t.id
                from unnest(?::text[], ?::text[]) as t (token, id)
                """);
        PreparedStatement host =
            connection.prepareStatement(
                """
                update host set reserved_milli_cpu = reserved_milli_cpu + ?,
                                reserved_memory_mib = reserved_memory_mib + ?
                where id = ?
                """);
        PreparedStatement reservations =
            connection.prepareStatement(
                """
                insert into reservation (group_id, host_id, milli_cpu, memory_mib)
                select id, ?, ?, ? from unnest(?::text[]) id
                """);
        PreparedStatement rows =
            connection.prepareStatement(
                """
                insert into container_group
                  (id, account_id, region, zone, name, status, reason, message, milli_cpu,
                   memory_mib, spec, kept, tags, state, host_id, shard, deadline_at, created_at,
                   attention_at)
                select id, ?, ?, ?, ?, 'Scheduling', '', '', ?, ?, ?::jsonb, ?::jsonb, ?::jsonb,
                       ?::jsonb, ?, ?, now() + interval '10 minutes', now(), now()
                from unnest(?::text[]) id
                """);
        PreparedStatement events =
            connection.prepareStatement(
                """
                insert into group_event
                  (group_id, reason, message_digest, account_id, type, message, count, first_at,
                   last_at)
                select id, ?, ?, ?, 'Normal', ?, 1, now(), now() from unnest(?::text[]) id
                """)) {
      for (int turn = 0; System.nanoTime() < end; turn++) {
        String hostId = hosts.get((turn * writers + writer) % hosts.size());
        Object ids = array(connection, "eci-", GROUP_ID_LENGTH);
        run(nonces, row.accessKeyId(), array(connection, "", NONCE_LENGTH));
        run(
            tokens,
            row.accountId(),
            row.region(),
            row.fingerprint(),
            array(connection, "benc", NONCE_LENGTH),
            ids);
        run(
            host,
            row.milliCpu() * GROUPS_PER_TRANSACTION,
            row.memoryMib() * GROUPS_PER_TRANSACTION,
            hostId);
        run(reservations, hostId, row.milliCpu(), row.memoryMib(), ids);
        run(
            rows,
            row.accountId(),
            row.region(),
            row.zone(),
            row.name(),
            row.milliCpu(),
            row.memoryMib(),
            row.spec(),
            row.kept(),
            row.tags(),
            row.state(),
            hostId,
            row.shard(),
            ids);
        run(events, row.reason(), row.digest(), row.accountId(), row.message(), ids);
        connection.commit();
        groups += GROUPS_PER_TRANSACTION;
      }
    }
    return groups;
  }

  private static Object array(Connection connection, String prefix, int length)
      throws SQLException {
    String[] texts = new String[GROUPS_PER_TRANSACTION];
    Arrays.setAll(
        texts, _ -> prefix + UUID.randomUUID().toString().replace("-", "").substring(0, length));
    return connection.createArrayOf("text", texts);
  }

  private static void run(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    int _ = statement.executeUpdate();
  }
}
