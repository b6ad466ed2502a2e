package io.podyard.controlplane.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A migrated database of its own for each test, on one real PostgreSQL for all tests of the JVM.
 * Copying a migrated template takes a few milliseconds.
 */
public final class TestDatabase implements AutoCloseable {

  private static final String TEMPLATE = "podyard_template";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final HikariDataSource dataSource;
  private final String url;

  private TestDatabase(String url) {
    this.url = url;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(Server.POSTGRES.userName());
    config.setPassword(Server.POSTGRES.password());
    config.setMaximumPoolSize(8);
    config.setConnectionTimeout(2000);
    this.dataSource = new HikariDataSource(config);
  }

  /** A database with the schema and nothing in it. */
  public static TestDatabase create() {
    String name = "test_" + NUMBER.incrementAndGet();
    Server.POSTGRES.admin().execute("create database %s template %s".formatted(name, TEMPLATE));
    return new TestDatabase(Server.POSTGRES.url(name));
  }

  /** A database with the schema as it was after that migration, and nothing in it. */
  public static TestDatabase asOf(String version) {
    String name = "test_" + NUMBER.incrementAndGet();
    Server.POSTGRES.admin().execute("create database " + name);
    TestDatabase database = new TestDatabase(Server.POSTGRES.url(name));
    database.migrate(version);
    return database;
  }

  /** Brings the schema to what it is after that migration. */
  public void migrate(String version) {
    Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
  }

  public HikariDataSource dataSource() {
    return dataSource;
  }

  public String url() {
    return url;
  }

  public String userName() {
    return Server.POSTGRES.userName();
  }

  public String password() {
    return Server.POSTGRES.password();
  }

  public JdbcTemplate jdbc() {
    return new JdbcTemplate(dataSource);
  }

  public TransactionTemplate transaction() {
    return new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  @Override
  public void close() {
    dataSource.close();
  }

  /** Started by the first test that needs it, stopped with the JVM. */
  private static final class Server {

    private static final TestPostgres POSTGRES = bringUp();

    private static TestPostgres bringUp() {
      TestPostgres postgres = TestPostgres.start();
      JdbcTemplate admin = postgres.admin();
      admin
          .queryForList(
              "select datname from pg_database where datname like 'test\\_%'", String.class)
          .forEach(name -> admin.execute("drop database %s with (force)".formatted(name)));
      admin.execute("drop database if exists %s with (force)".formatted(TEMPLATE));
      admin.execute("create database " + TEMPLATE);
      Flyway.configure()
          .dataSource(postgres.url(TEMPLATE), postgres.userName(), postgres.password())
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return postgres;
    }
  }
}
