package io.podyard.controlplane.faults;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** Two servers on one database and one process of simulated hosts. */
final class ServerPair implements AutoCloseable {

  /** A client that is not answered in this time turns to the other server. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path shared;
  private final LocalPostgres postgres;
  private final ServerProcess first;
  private final ServerProcess second;

  private ServerPair(
      Path shared, LocalPostgres postgres, ServerProcess first, ServerProcess second) {
    this.shared = shared;
    this.postgres = postgres;
    this.first = first;
    this.second = second;
  }

  /**
   * Starts both, one after the other.
   *
   * @param name of their common folder below {@code target/faults}; short
   */
  static ServerPair start(String name) throws Exception {
    return start(name, Map.of());
  }

  /** The same, with more in the environment of both. */
  static ServerPair start(String name, Map<String, String> more) throws Exception {
    ServerPair pair = of(name, more);
    try {
      pair.first.start();
      pair.second.start();
      return pair;
    } catch (Exception | AssertionError e) {
      pair.close();
      throw e;
    }
  }

  /** Both are still to be started, and the tables are there already. */
  static ServerPair migrated(String name, Map<String, String> more) throws Exception {
    ServerPair pair = of(name, more);
    Flyway.configure()
        .dataSource(pair.postgres.jdbcUrl(), pair.postgres.userName(), pair.postgres.password())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    return pair;
  }

  private static ServerPair of(String name, Map<String, String> more) throws Exception {
    Path shared = Path.of("target", "faults", name).toAbsolutePath();
    // What a test run that was itself killed left behind.
    ServerProcess.endSimulatedHosts(shared);
    if (Files.isDirectory(shared.resolve("postgres").resolve("data"))) {
      LocalPostgres.open(shared.resolve("postgres")).close();
    }
    FileSystemUtils.deleteRecursively(shared);
    LocalPostgres postgres = LocalPostgres.open(shared.resolve("postgres"));
    return new ServerPair(
        shared,
        postgres,
        ServerProcess.in(name + "-a", environment(postgres, shared, name(true), more)),
        ServerProcess.in(name + "-b", environment(postgres, shared, name(false), more)));
  }

  private static Map<String, String> environment(
      LocalPostgres postgres, Path shared, String name, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(usual(postgres, shared, name));
    environment.putAll(more);
    return environment;
  }

  private static Map<String, String> usual(LocalPostgres postgres, Path shared, String name) {
    return Map.of(
        "SPRING_DATASOURCE_URL",
        postgres.jdbcUrl() + "?ApplicationName=" + name,
        "SPRING_DATASOURCE_USERNAME",
        postgres.userName(),
        "SPRING_DATASOURCE_PASSWORD",
        postgres.password(),
        "PODYARD_SECRETS_KEY",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "PODYARD_SIMULATED_HOST_SIZE",
        "64vCPU/256GiB",
        // All hosts have one driver, unless a test wants otherwise.
        "PODYARD_SHARDS",
        "1",
        "PODYARD_SIMULATED_SOCKET",
        shared.resolve("simulated-hosts.sock").toString(),
        "PODYARD_FREEZE_WHEN",
        freezeWhen(shared).toString());
  }

  private static String name(boolean isFirst) {
    return isFirst ? "podyard-a" : "podyard-b";
  }

  private static Path freezeWhen(Path shared) {
    return shared.resolve("freeze-when");
  }

  ServerProcess other(ServerProcess server) {
    return server == first ? second : first;
  }

  ServerProcess first() {
    return first;
  }

  List<ServerProcess> both() {
    return List.of(first, second);
  }

  JdbcTemplate jdbc() {
    return new JdbcTemplate(
        new DriverManagerDataSource(postgres.jdbcUrl(), postgres.userName(), postgres.password()));
  }

  /**
   * Of groups on the Docker Engine of this environment.
   *
   * @param folder for what the looker itself keeps
   */
  Inspection inspectDocker(Path folder) {
    return Inspection.ofDocker(postgres.access(), folder);
  }

  Inspection inspect() {
    return Inspection.of(postgres.access(), first.socket());
  }

  /** What the sessions of a server call themselves in the database. */
  String sessionName(ServerProcess server) {
    return name(server == first);
  }

  /** Whether a server has the lease of the hosts, and surely has it still. */
  boolean drives(ServerProcess server, Inspection inspection) {
    return server.isAlive()
        && Boolean.TRUE.equals(
            inspection
                .jdbc()
                .queryForObject(
                    """
                    select bool_and(holder like ? and expires_at > clock_timestamp())
                    from shard_lease
                    """,
                    Boolean.class,
                    server.pid() + "-%"));
  }

  /** Waits until one of the two drives, and says which. */
  ServerProcess driving(Inspection inspection) {
    Waiting.until("a driver", () -> drives(first, inspection) || drives(second, inspection));
    return drives(first, inspection) ? first : second;
  }

  /**
   * Sees to it that a server drives: on a busy machine a lease may go to the other one at any time.
   */
  void makeDrive(ServerProcess server, Inspection inspection) throws Exception {
    ServerProcess other = other(server);
    if (drives(server, inspection)) {
      return;
    }
    boolean wasAlive = other.isAlive();
    if (wasAlive) {
      other.freeze();
    }
    try {
      Waiting.until("a driver", () -> drives(server, inspection));
    } finally {
      if (wasAlive) {
        other.resume();
      }
    }
  }

  /**
   * Has the process freeze that comes first to a moment.
   *
   * @param moment for example {@code createContainer:before}
   */
  void freezeWhen(String moment) throws IOException {
    // Written aside, so that nobody reads half of it.
    Path file = freezeWhen(shared);
    Path aside = file.resolveSibling("freeze-when.new");
    Files.writeString(aside, moment);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until one of the two stands still, and says which. */
  ServerProcess frozen() {
    Waiting.until("a freeze", () -> first.isFrozen() || second.isFrozen());
    return first.isFrozen() ? first : second;
  }

  /**
   * Asks one server after the other until one answers, as clients behind a proxy do.
   *
   * @param parameters with a client token
   */
  <R> R ask(Action action, Map<String, String> parameters, Class<R> type) {
    AtomicReference<R> answer = new AtomicReference<>();
    Waiting.until(
        "an answer",
        () -> {
          for (ServerProcess server : List.of(first, second)) {
            try (PodyardClient client = server.client(PATIENCE)) {
              answer.set(client.call(action, parameters, type));
              return true;
            } catch (PodyardCallException e) {
              if (e.httpStatus() != 0 && e.httpStatus() != 503) {
                throw e;
              }
            }
          }
          return false;
        });
    return answer.get();
  }

  /**
   * Waits until a server drives.
   *
   * @param since when the other one stopped, by {@code nanoTime}
   * @return how long after that
   */
  Duration untilDrives(ServerProcess server, Inspection inspection, long since) {
    Waiting.until("a takeover", () -> drives(server, inspection));
    return Duration.ofNanos(System.nanoTime() - since);
  }

  @Override
  public void close() throws Exception {
    first.close();
    second.close();
    ServerProcess.endSimulatedHosts(shared);
    postgres.close();
    FileSystemUtils.deleteRecursively(shared);
  }
}
