package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of all actions, by several accounts at once: no answer is a 5xx or has a code
 * that is not in the catalogue, what was deleted stays gone, what was refused leaves nothing, and
 * at the end everything was given back. {@code -Dpodyard.seed} repeats the sequences of a run, not
 * the moments at which they meet.
 */
class FuzzTest {

  private static final int WALKS = 6;
  private static final Duration LENGTH =
      Boolean.getBoolean("podyard.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(20);

  @Test
  void noSequenceOfCallsBreaksARule() throws Exception {
    long seed = Long.getLong("podyard.seed", 20_261_121L);
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL
                .with("podyard.example-prices", "true")
                .withHosts(3, "16vCPU/64GiB")
                .with("podyard.ops.tcpdump-image", "registry.test/tcpdump:1")
                .with("podyard.ops.core-dumps", "64MB"))) {
      long end = System.nanoTime() + LENGTH.toNanos();
      List<Future<Walk>> walks = new ArrayList<>();
      int steps = 0;
      try (ExecutorService threads = Executors.newFixedThreadPool(WALKS)) {
        for (int i = 0; i < WALKS; i++) {
          String name = "walk-" + i;
          Walk walk =
              new Walk(
                  server.client(server.newAccount(), SignatureVersion.V3),
                  new Random(seed + i),
                  name);
          walks.add(threads.submit(() -> go(walk, end, seed)));
        }
        for (Future<Walk> walk : walks) {
          steps += walk.get().steps();
        }
      }
      System.out.println("FuzzTest with seed " + seed + " made " + steps + " steps");
      for (Future<Walk> walk : walks) {
        endOf(walk.get());
      }
      Waiting.until("all reservations are given back", () -> held(server) == 0);
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    }
  }

  private static Walk go(Walk walk, long end, long seed) {
    try {
      while (System.nanoTime() < end) {
        walk.step();
      }
      return walk;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed %d, %s: %s".formatted(seed, walk.where(), e.getMessage()), e);
    }
  }

  private static void endOf(Walk walk) {
    for (String id : walk.end()) {
      Waiting.until(id + " is gone", () -> walk.count("ContainerGroupIds=[\"" + id + "\"]") == 0);
    }
  }

  private static int held(TestServer server) {
    Integer held = server.jdbc().queryForObject("select count(*) from reservation", Integer.class);
    return held == null ? 0 : held;
  }
}
