package io.podyard.controlplane.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Statements that go to the database together. */
class TogetherTest {

  private TestDatabase database;

  @BeforeEach
  void createRows() {
    database = TestDatabase.create();
    database.jdbc().execute("create table thing (id int primary key, name text)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void eachSeesWhatThoseBeforeItDidAndItsRowsAreItsOwn() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    Together statements = new Together(database.jdbc());
    statements.add("set statement_timeout = 0");
    insert(statements, List.of(1, 2), "a");
    statements.add(
        "select name || id from thing where id = any(?::int4[]) order by id",
        Columns.of(List.of(2, 1)).integer(id -> id),
        row -> first.add(row.getString(1)));
    statements.add(
        "update thing set name = 'b' where id = any(?::int4[])",
        Columns.of(List.of(2)).integer(id -> id));
    statements.add(
        "select name || id from thing where id = any(?::int4[]) order by id",
        Columns.of(List.of(1, 2, 3)).integer(id -> id),
        row -> second.add(row.getString(1)));
    assertThat(first).isEmpty();
    statements.send();
    assertThat(first).containsExactly("a1", "a2");
    assertThat(second).containsExactly("a1", "b2");
  }

  @Test
  void whatWasSentIsNotSentAgain() {
    Together statements = new Together(database.jdbc());
    statements.send();
    insert(statements, List.of(1), "a");
    statements.send();
    insert(statements, List.of(2), "b");
    statements.send();
    statements.send();
    assertThat(names()).containsExactly("a", "b");
  }

  @Test
  void ifOneFailsNoneOfThemHasDoneAnything() {
    Together statements = new Together(database.jdbc());
    insert(statements, List.of(1), "a");
    insert(statements, List.of(1), "twice");
    insert(statements, List.of(2), "b");
    assertThatThrownBy(
            () -> database.transaction().executeWithoutResult(status -> statements.send()))
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(names()).isEmpty();
  }

  private static void insert(Together statements, List<Integer> ids, String name) {
    statements.add(
        "insert into thing select * from unnest(?::int4[], ?::text[])",
        Columns.of(ids).integer(id -> id).text(id -> name));
  }

  private List<String> names() {
    return database
        .jdbc()
        .query("select name from thing order by id", (row, number) -> row.getString(1));
  }
}
