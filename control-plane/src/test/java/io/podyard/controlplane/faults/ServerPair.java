package io.podyard.controlplane.faults;

import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** Two servers on one database and one process of simulated hosts; the first one drives first. */
final class ServerPair implements AutoCloseable {

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
   * @param ofFirst what the first one has in its environment for this run
   * @param ofSecond the same of the second
   */
  static ServerPair start(String name, Map<String, String> ofFirst, Map<String, String> ofSecond)
      throws Exception {
    Path shared = Path.of("target", "faults", name).toAbsolutePath();
    FileSystemUtils.deleteRecursively(shared);
    LocalPostgres postgres = LocalPostgres.open(shared.resolve("postgres"));
    ServerPair pair =
        new ServerPair(
            shared,
            postgres,
            ServerProcess.in(name + "-a", environment(postgres, shared, name(true))),
            ServerProcess.in(name + "-b", environment(postgres, shared, name(false))));
    try {
      pair.first.start(ofFirst);
      pair.second.start(ofSecond);
      return pair;
    } catch (Exception | AssertionError e) {
      pair.close();
      throw e;
    }
  }

  private static Map<String, String> environment(LocalPostgres postgres, Path shared, String name) {
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
        "PODYARD_SIMULATED_SOCKET",
        shared.resolve("simulated-hosts.sock").toString());
  }

  private static String name(boolean isFirst) {
    return isFirst ? "podyard-a" : "podyard-b";
  }

  ServerProcess first() {
    return first;
  }

  ServerProcess second() {
    return second;
  }

  Inspection inspect() {
    return Inspection.of(postgres.access(), first.socket());
  }

  /** What the sessions of a server call themselves in the database. */
  String sessionName(ServerProcess server) {
    return name(server == first);
  }

  /** The newest epoch of any shard. */
  static long epoch(Inspection inspection) {
    Long epoch = inspection.jdbc().queryForObject("select max(epoch) from shard_lease", Long.class);
    return epoch == null ? 0 : epoch;
  }

  /**
   * Waits until somebody else drives.
   *
   * @param epoch of the one before
   * @param since when that one stopped, by {@code nanoTime}
   * @return how long after that
   */
  static Duration untilTakenOver(Inspection inspection, long epoch, long since) {
    Waiting.until("a takeover", () -> epoch(inspection) > epoch);
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
