package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.RawEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EngineEventsTest {

  private static final String EVENT =
      "{\"Action\":\"start\",\"Actor\":{\"ID\":\"c1\",\"Attributes\":{\"%s\":\"g1\"}}}\n"
          .formatted(Names.GROUP);

  @TempDir private Path folder;

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  /** An engine with nothing on it, where each connection hears of one event. */
  private static String respond(String head) {
    if (head.contains("/events")) {
      return answer(EVENT);
    }
    return head.contains("/volumes") ? answer("{\"Volumes\":[]}") : answer("[]");
  }

  @Test
  void whateverAListenerThrowsTheNextEventIsHeard() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(1);
    try (RawEngine engine =
            new RawEngine(
                null, (head, in, out) -> RawEngine.answering(respond(head)).play(head, in, out));
        DockerEngine docker = docker(DockerEngineSettings.of(uri(engine.address()), folder));
        AutoCloseable _ =
            docker.watch(
                new InstallationId("i1"),
                group -> {
                  switch (heard.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("on purpose");
                    case 2 -> throw new StackOverflowError("on purpose");
                    default -> third.countDown();
                  }
                })) {
      assertThat(third.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static URI uri(EngineAddress address) {
    EngineAddress.Remote remote = (EngineAddress.Remote) address;
    return URI.create("tcp://" + remote.host() + ":" + remote.port());
  }

  private static DockerEngine docker(DockerEngineSettings settings) {
    return new DockerEngine(settings, EngineForTests.logs(settings), InstantSource.system());
  }
}
