package io.podyard.bench.creates;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.bench.SmallGroup;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What one create wrote, taken from the server's own tables right after its answer, so that the raw
 * measurement writes nothing less and nothing else.
 */
record CreateRow(
    String accountId,
    String region,
    String zone,
    String name,
    int milliCpu,
    int memoryMib,
    String spec,
    String kept,
    String tags,
    String state,
    int shard,
    String accessKeyId,
    String fingerprint,
    String reason,
    String digest,
    String message) {

  /** A driver may be faster than the look at the row; then another create is tried. */
  private static final int TRIES = 50;

  static CreateRow take(PodyardClient client, Connection database) throws SQLException {
    try (PreparedStatement statement =
        database.prepareStatement(
            """
            select g.account_id, g.region, g.zone, g.name, g.milli_cpu, g.memory_mib,
                   g.spec::text, g.kept::text, g.tags::text, g.state::text, g.shard,
                   (select max(access_key_id) from request_nonce),
                   t.fingerprint, e.reason, e.message_digest, e.message
            from container_group g
            join client_token t on t.resource_id = g.id
            join group_event e on e.group_id = g.id
            where g.id = ? and g.version = 1
            """)) {
      for (int tries = 0; tries < TRIES; tries++) {
        Optional<CreateRow> row = read(statement, create(client));
        if (row.isPresent()) {
          return row.get();
        }
      }
    }
    throw new IllegalStateException("no create was seen before its group moved on");
  }

  private static String create(PodyardClient client) {
    String id =
        client
            .call(
                Action.CREATE_CONTAINER_GROUP,
                SmallGroup.request(),
                CreateContainerGroupResponse.class)
            .containerGroupId();
    if (id == null) {
      throw new IllegalStateException("a create was answered without an id");
    }
    return id;
  }

  private static Optional<CreateRow> read(PreparedStatement statement, String id)
      throws SQLException {
    statement.setString(1, id);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new CreateRow(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getInt(5),
              row.getInt(6),
              row.getString(7),
              row.getString(8),
              row.getString(9),
              row.getString(10),
              row.getInt(11),
              row.getString(12),
              row.getString(13),
              row.getString(14),
              row.getString(15),
              row.getString(16)));
    }
  }
}
