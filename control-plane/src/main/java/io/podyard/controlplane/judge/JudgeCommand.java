package io.podyard.controlplane.judge;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.postgres.DatabaseAccess;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.runtimes.DockerHosts;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * {@code podyard judge [--settle <seconds>]}: judges a live or stopped installation, found by the
 * same settings as the server's. Exits with 0 if no rule is broken, 1 if one is, 2 if it cannot
 * say.
 */
public final class JudgeCommand {

  private static final int CONTENT = 0;
  private static final int BROKEN = 1;
  private static final int CANNOT_SAY = 2;
  private static final int DEFAULT_SETTLE_SECONDS = 30;

  private JudgeCommand() {}

  /** Its exit code. */
  public static int run(String[] args) {
    try {
      Duration settle = settle(args);
      JdbcTemplate jdbc = database(System.getenv());
      Path dataDir = dataDir(System.getenv());
      try (SimulatedPool simulated = SimulatedPool.connect(socket(System.getenv(), dataDir));
          DockerHosts docker = new DockerHosts(CommitPoints.NONE)) {
        Inventory inventory = new Inventory(jdbc);
        addEngines(docker, inventory, dataDir);
        Map<String, GroupRuntime> runtimes =
            Map.of(
                SimulatedPool.RUNTIME,
                simulated.runtime(InstantSource.system()),
                DockerPool.RUNTIME,
                docker.runtime(InstantSource.system()));
        Map<HostId, GroupRuntime> hosts = new TreeMap<>();
        for (KnownHost host : inventory.hosts()) {
          GroupRuntime runtime = runtimes.get(host.runtime());
          if (runtime == null) {
            System.err.println("podyard judge: cannot look at hosts of runtime " + host.runtime());
            return CANNOT_SAY;
          }
          hosts.put(host.snapshot().id(), runtime);
        }
        Judge judge = new Judge(jdbc, inventory.installation(), hosts);
        return report(judge.verdict(settle), hosts.size(), judge.hostsLeftOut());
      }
    } catch (IllegalArgumentException | DataAccessException | RuntimeUnavailableException e) {
      System.err.println("podyard judge: " + e.getMessage());
      return CANNOT_SAY;
    } catch (RuntimeException e) {
      // Whatever it is, it is no broken rule, as which a program that breaks off is understood.
      e.printStackTrace();
      return CANNOT_SAY;
    }
  }

  private static void addEngines(DockerHosts docker, Inventory inventory, Path dataDir) {
    docker.add(DockerPool.toLookAt(System.getenv(), dataDir));
    for (Inventory.Reach reach : inventory.declaredHosts()) {
      if (reach.runtime().equals(DockerPool.RUNTIME)) {
        docker.add(
            DockerPool.toLookAt(
                reach.host(),
                URI.create(reach.address()),
                reach.tlsFolder().isEmpty() ? null : Path.of(reach.tlsFolder()),
                dataDir));
      }
    }
  }

  private static int report(List<Violation> violations, int hosts, int leftOut) {
    violations.forEach(System.out::println);
    System.out.printf(
        "%d rules looked at on %d hosts%s, %d violations%n",
        Rule.values().length,
        hosts - leftOut,
        leftOut == 0 ? "" : ", not on %d lost ones that do not answer".formatted(leftOut),
        violations.size());
    return violations.isEmpty() ? CONTENT : BROKEN;
  }

  private static Duration settle(String[] args) {
    if (args.length == 0) {
      return Duration.ofSeconds(DEFAULT_SETTLE_SECONDS);
    }
    if (args.length == 2 && args[0].equals("--settle") && args[1].matches("[0-9]{1,4}")) {
      return Duration.ofSeconds(Integer.parseInt(args[1]));
    }
    throw new IllegalArgumentException(
        "expected nothing or --settle <seconds>, not " + String.join(" ", args));
  }

  private static Path dataDir(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("PODYARD_DATA_DIR", ".podyard"));
  }

  private static Path socket(Map<String, String> environment, Path dataDir) {
    String configured = environment.getOrDefault("PODYARD_SIMULATED_SOCKET", "");
    return SimulatedPool.socket(dataDir, configured.isEmpty() ? null : Path.of(configured));
  }

  private static JdbcTemplate database(Map<String, String> environment) {
    String url = environment.getOrDefault("SPRING_DATASOURCE_URL", "");
    if (!url.isEmpty()) {
      return new JdbcTemplate(
          new DriverManagerDataSource(
              url,
              environment.getOrDefault("SPRING_DATASOURCE_USERNAME", ""),
              environment.getOrDefault("SPRING_DATASOURCE_PASSWORD", "")));
    }
    Path folder = dataDir(environment).resolve("postgres");
    Optional<DatabaseAccess> running = LocalPostgres.running(folder);
    DatabaseAccess access =
        running.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no database runs in %s; start the server or set SPRING_DATASOURCE_URL"
                        .formatted(folder)));
    return new JdbcTemplate(
        new DriverManagerDataSource(access.jdbcUrl(), access.userName(), access.password()));
  }
}
