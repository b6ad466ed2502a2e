package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SimulatedHostsClientTest {

  private static final int CALLERS = 20;

  @TempDir private Path folder;

  /** Takes connections and never says a word, as a process that was stopped. */
  private static void accept(ServerSocketChannel door, Queue<SocketChannel> taken) {
    try {
      while (true) {
        taken.add(door.accept());
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static String outcome(SimulatedHostsClient client) {
    try {
      return "found " + client.hosts();
    } catch (RuntimeUnavailableException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void callersDoNotStandInLineForAProcessThatSaysNothing() throws Exception {
    Path socket = folder.resolve("s");
    Queue<SocketChannel> taken = new ConcurrentLinkedQueue<>();
    CountDownLatch together = new CountDownLatch(CALLERS);
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SimulatedHostsClient client = new SimulatedHostsClient(socket, Duration.ofSeconds(1));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      door.bind(UnixDomainSocketAddress.of(socket));
      Thread _ = Thread.ofVirtual().start(() -> accept(door, taken));
      List<Future<String>> outcomes = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        outcomes.add(
            callers.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return outcome(client);
                }));
      }
      for (Future<String> outcome : outcomes) {
        assertThat(outcome.get()).contains("did not answer within 1000 ms");
      }
      assertThat(taken).as("attempts to connect").hasSizeLessThan(CALLERS / 2);
    }
    for (SocketChannel one : taken) {
      one.close();
    }
  }
}
