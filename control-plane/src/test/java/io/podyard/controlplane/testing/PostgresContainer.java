package io.podyard.controlplane.testing;

import com.github.dockerjava.api.exception.DockerException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container, of an image that the engine has: nothing is ever pulled. */
final class PostgresContainer implements AutoCloseable {

  static final String USER = "podyard";
  static final String PASSWORD = "of-the-tests-alone";

  private static final String IMAGE = "PODYARD_TEST_POSTGRES_IMAGE";
  private static final String DEFAULT_IMAGE = "postgres:18";
  private static final String DATABASE = "podyard";
  private static final int PORT = 5432;

  /** What parallel queries share; the engine's own 64 MiB are too little for some. */
  private static final long SHARED_MEMORY_BYTES = 256L << 20;

  /** The first start makes the database; the machine may be busy with other builds. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final GenericContainer<?> container;

  private PostgresContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /** Whether an engine answers and has the image. */
  static boolean isPossible() {
    // Testcontainers complains at length where there is no engine, which is no fault here.
    if (!mayHaveEngine() || !DockerClientFactory.instance().isDockerAvailable()) {
      return false;
    }
    try {
      return DockerClientFactory.lazyClient().inspectImageCmd(imageName()).exec() != null;
    } catch (DockerException e) {
      return false;
    }
  }

  private static boolean mayHaveEngine() {
    String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    return !host.startsWith("unix://") || Files.exists(Path.of(URI.create(host).getPath()));
  }

  private static String imageName() {
    return System.getenv().getOrDefault(IMAGE, DEFAULT_IMAGE);
  }

  static PostgresContainer start() {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(imageName()))
            .withImagePullPolicy(image -> false)
            .withEnv("POSTGRES_USER", USER)
            .withEnv("POSTGRES_PASSWORD", PASSWORD)
            .withEnv("POSTGRES_DB", DATABASE)
            // As the embedded one is set, and as docker-compose.yml sets its own.
            .withCommand(
                "postgres", "-c", "client_connection_check_interval=1s", "-c", "timezone=UTC")
            .withSharedMemorySize(SHARED_MEMORY_BYTES)
            .withExposedPorts(PORT)
            .waitingFor(new UntilItAnswers());
    container.start();
    return new PostgresContainer(container);
  }

  String image() {
    return container.getDockerImageName();
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(container.getHost(), container.getMappedPort(PORT), DATABASE);
  }

  /** A port that is open is not enough: it refuses sessions while it makes its database. */
  private static final class UntilItAnswers extends AbstractWaitStrategy {

    UntilItAnswers() {
      withStartupTimeout(PATIENCE);
    }

    @Override
    protected void waitUntilReady() {
      String url =
          "jdbc:postgresql://%s:%d/%s?connectTimeout=5&socketTimeout=5&loginTimeout=5"
              .formatted(
                  waitStrategyTarget.getHost(), waitStrategyTarget.getMappedPort(PORT), DATABASE);
      Waiting.until(
          "PostgreSQL in a container answers",
          startupTimeout,
          () -> {
            try (Connection connection = DriverManager.getConnection(url, USER, PASSWORD)) {
              return connection.isValid(1);
            } catch (SQLException e) {
              if (!waitStrategyTarget.isRunning()) {
                throw new IllegalStateException("PostgreSQL ended in its container", e);
              }
              return false;
            }
          });
    }
  }

  @Override
  public void close() {
    container.stop();
  }
}
