package io.podyard.controlplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.postgres.LocalPostgres;
import java.nio.file.Path;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The PostgreSQL of a test run. A container where an engine answers that has the image already,
 * else the one that comes along; {@code PODYARD_TEST_POSTGRES} insists on {@code container} or
 * {@code embedded}.
 *
 * @param jdbcUrl of a database that is there, without parameters
 * @param userName of a role that may do everything
 */
record TestPostgres(String jdbcUrl, String userName, String password) {

  private static final String WISH = "PODYARD_TEST_POSTGRES";

  /** Starts it, and prints which it is. It ends with the JVM. */
  static TestPostgres start() {
    String wish = System.getenv().getOrDefault(WISH, "");
    TestPostgres postgres =
        switch (wish) {
          case "container" -> container();
          case "embedded" -> embedded();
          case "" -> PostgresContainer.isPossible() ? container() : embedded();
          default ->
              throw new IllegalStateException(
                  "%s is '%s'; it can be container, embedded or nothing".formatted(WISH, wish));
        };
    // What is measured and killed in these tests means nothing if commits may be lost.
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      assertThat(postgres.admin().queryForObject("show " + setting, String.class))
          .as(setting)
          .isEqualTo("on");
    }
    return postgres;
  }

  private static TestPostgres container() {
    PostgresContainer container = PostgresContainer.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::close));
    System.out.println("Tests use PostgreSQL in a container of " + container.image());
    return new TestPostgres(
        container.jdbcUrl(), PostgresContainer.USER, PostgresContainer.PASSWORD);
  }

  private static TestPostgres embedded() {
    // Tests run in several JVMs at once.
    String fork = System.getProperty("podyard.test.fork", "fork-1");
    LocalPostgres postgres = LocalPostgres.open(Path.of("target", "test-postgres", fork));
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
    System.out.println("Tests use the embedded PostgreSQL");
    return new TestPostgres(postgres.jdbcUrl(), postgres.userName(), postgres.password());
  }

  JdbcTemplate admin() {
    return new JdbcTemplate(new DriverManagerDataSource(jdbcUrl, userName, password));
  }

  /** The address of another database of the same server. */
  String url(String database) {
    return jdbcUrl.substring(0, jdbcUrl.lastIndexOf('/') + 1) + database;
  }
}
