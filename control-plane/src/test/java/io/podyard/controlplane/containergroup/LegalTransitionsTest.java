package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.Size;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The database refuses the very changes of a status that {@link GroupStatus} does not allow. */
class LegalTransitionsTest {

  private TestDatabase database;
  private JdbcTemplate jdbc;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    TestHosts.add(jdbc, 1, Size.of(3000, 6144));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(String id, GroupStatus status) {
    jdbc.update(
        """
        insert into container_group (id, account_id, region, name, status, milli_cpu, memory_mib,
                                     spec, kept, state, created_at)
        values (?, 'a', 'r', 'n', ?, 1, 1, '{}', '{}', '{}', now())
        """,
        id,
        status.wireName());
  }

  @Test
  void thePairsAreThoseOfTheTable() {
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    for (GroupStatus from : GroupStatus.values()) {
      for (GroupStatus to : GroupStatus.values()) {
        String id = from + "-" + to;
        insert(id, from);
        boolean allowed = becomes(id, to);
        refused += allowed ? 0 : 1;
        if (allowed != from.mayBecome(to)) {
          wrong.add(from + " to " + to + (allowed ? " is allowed" : " is refused"));
        }
        if (!allowed && !to.wireName().equals(from.wireName())) {
          assertThat(status(id)).isEqualTo(from.wireName());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(refused).isPositive();
  }

  private boolean becomes(String id, GroupStatus to) {
    try {
      assertThat(
              jdbc.update("update container_group set status = ? where id = ?", to.wireName(), id))
          .isEqualTo(1);
      return true;
    } catch (DataAccessException e) {
      assertThat(e.getMostSpecificCause())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("may not become " + to.wireName());
      assertThat(((SQLException) e.getMostSpecificCause()).getSQLState()).isEqualTo("23514");
      return false;
    }
  }

  private String status(String id) {
    return String.valueOf(
        jdbc.queryForObject("select status from container_group where id = ?", String.class, id));
  }

  @Test
  void aFinalStatusStaysThoughTheRestOfTheRecordChanges() {
    insert("g", GroupStatus.SUCCEEDED);
    assertThat(
            jdbc.update(
                "update container_group set status = 'Succeeded', message = 'm' where id = 'g'"))
        .isEqualTo(1);
    assertThat(becomes("g", GroupStatus.RUNNING)).isFalse();
    assertThat(status("g")).isEqualTo("Succeeded");
  }
}
