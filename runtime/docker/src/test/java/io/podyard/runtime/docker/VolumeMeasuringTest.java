package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.RawEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VolumeMeasuringTest {

  private static final InstallationId INSTALLATION = new InstallationId("i1");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g1");
  private static final GroupSpec SPEC =
      GroupSpec.of(
          "measured",
          Size.of(1000, 1024),
          RestartPolicy.ALWAYS,
          ContainerSpec.of("app", "podyard/app:1"));

  @TempDir private Path folder;
  private final AtomicInteger looks = new AtomicInteger();

  /** With each look the group has written a byte more. */
  private String respond() {
    String body = "[{\"Id\":\"c1\",\"SizeRw\":%d}]".formatted(looks.incrementAndGet());
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private static void awaitWritten(DockerEngine docker, long bytes) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (docker.diskUsage(INSTALLATION, GROUP, SPEC).written() != bytes) {
      assertThat(System.nanoTime()).as("look %d is not made", bytes).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Test
  void aGroupIsMeasuredAlsoAfterTheClockWasSetBack() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    try (RawEngine engine =
        new RawEngine(
            null, (head, in, out) -> RawEngine.answering(respond()).play(head, in, out))) {
      EngineAddress.Remote address = (EngineAddress.Remote) engine.address();
      URI uri = URI.create("tcp://" + address.host() + ":" + address.port());
      DockerEngineSettings settings = DockerEngineSettings.of(uri, folder);
      try (DockerEngine docker =
          new DockerEngine(settings, EngineForTests.logs(settings), now::get)) {
        awaitWritten(docker, 1);
        now.set(Instant.parse("2026-03-01T11:00:00Z"));
        awaitWritten(docker, 2);
      }
    }
  }
}
