package io.podyard.bench.pulls;

import io.podyard.bench.Database;
import io.podyard.bench.Engine;
import io.podyard.bench.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker engines of our own that are the hosts of one pool. Each is in a zone of its own, so that a
 * request can say which it means.
 */
final class PullHosts implements AutoCloseable {

  private static final String REGION = "cn-hangzhou";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final List<OwnEngine> engines = new ArrayList<>();

  private PullHosts() {}

  /** Starts so many and waits until they answer. */
  static PullHosts start(Path folder, int count) {
    PullHosts hosts = new PullHosts();
    boolean ready = false;
    try {
      for (int i = 0; i < count; i++) {
        hosts.engines.add(OwnEngine.launch(folder.resolve("e" + i)));
      }
      hosts.engines.forEach(OwnEngine::awaitReady);
      ready = true;
      return hosts;
    } finally {
      if (!ready) {
        hosts.close();
      }
    }
  }

  int count() {
    return engines.size();
  }

  Engine engine(int host) {
    return engines.get(host).engine();
  }

  String zone(int host) {
    return REGION + "-pulls" + host;
  }

  /** Writes the inventory file of a server that is to have them, and answers its path. */
  Path declare(Path file) {
    List<String> zones = new ArrayList<>();
    StringBuilder hosts = new StringBuilder();
    for (int i = 0; i < engines.size(); i++) {
      zones.add(zone(i));
      // Of all of them the groups of the benchmark fill less than a half, so that none waits.
      hosts.append(
          """
                - hostId: pulls-%d
                  zoneId: %s
                  address: unix://%s
                  cpu: 32
                  memory: 64
          """
              .formatted(i, zone(i), engines.get(i).socket()));
    }
    try {
      return Files.writeString(
          file,
          """
          zones:
            %s: [%s]
          pools:
            - poolId: pulls
              regionId: %s
              runtime: docker
              policy: spread
              hosts:
          """
                  .formatted(REGION, String.join(", ", zones), REGION)
              + hosts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server has asked all of them what they are. */
  void awaitReady(Connection database) throws SQLException {
    Waiting.until(
        "the hosts",
        LONGEST_START,
        Duration.ofMillis(100),
        () ->
            Database.value(
                    database,
                    "select count(*) from host where state = 'READY' and engine like 'docker %'")
                .equals(Integer.toString(engines.size())));
  }

  /** Waits until none of them has anything of a group. */
  void awaitEnd(String group) {
    Waiting.until(
        "the end of " + group,
        LONGEST_START,
        Duration.ofMillis(100),
        () -> engines.stream().allMatch(each -> each.engine().containers(group).isEmpty()));
  }

  @Override
  public void close() {
    engines.forEach(OwnEngine::close);
  }
}
