package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Asking for groups that were changed costs what is found, not what there is. */
class ChangedGroupsReadingTest {

  private static final HostId HOST = new HostId("h1");
  private static final int MANY = 3_000;
  private static final Set<Integer> SHARDS = Set.of(0);

  @Test
  void theFirstOfVeryManyAreFoundWithoutTheRestAlsoWhereThereWasButOneBefore() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups stored = new StoredGroups(database)) {
      stored.addHosts(List.of(HOST), Size.of(64_000_000, 64_000_000));
      stored.add(HOST, "few", 1, Instant.now());
      database.jdbc().execute("analyze container_group");
      for (int i = 0; i < 20; i++) {
        // By now a plan that can be kept is kept.
        assertThat(read(database, stored)).isPositive();
      }

      stored.add(HOST, "many", MANY, Instant.now());

      assertThat(read(database, stored)).isBetween(1_000L, 1_100L);
    }
  }

  /** How many rows are looked at for one answer. */
  private static long read(TestDatabase database, StoredGroups stored) {
    return Objects.requireNonNull(
        database
            .transaction()
            .execute(
                _ -> {
                  assertThat(stored.store().changed(SHARDS, Set.of(), null)).isNotEmpty();
                  return database
                      .jdbc()
                      .queryForObject(
                          """
                          select pg_stat_get_xact_tuples_returned('container_group'::regclass)
                                 + pg_stat_get_xact_tuples_fetched('container_group'::regclass)
                                 + sum(pg_stat_get_xact_tuples_fetched(indexrelid))
                          from pg_index where indrelid = 'container_group'::regclass
                          """,
                          Long.class);
                }));
  }
}
