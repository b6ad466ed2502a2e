package io.podyard.controlplane.doors;

import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Very many groups wait. */
class CrowdTest {

  private static final int CROWD = 1_010;
  private static final int CLIENTS = 16;

  @Test
  void aCrowdThatFitsNowhereDoesNotHideASmallGroupBehindIt() throws Exception {
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "4vCPU/8GiB")
                .with("podyard.quotas.max-cpu", "100000"))) {
      Groups groups = Groups.ofNewAccount(server);
      String most = groups.create(Groups.shell("sleep 3600", "Cpu=2", "Memory=4"));
      String little = groups.create(Groups.shell("sleep 3600", "Cpu=2", "Memory=4"));
      groups.untilStatus(most, "Running");
      groups.untilStatus(little, "Running");
      try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<String>> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
          crowd.add(
              clients.submit(() -> groups.create(Groups.shell("sleep 3600", "Cpu=4", "Memory=8"))));
        }
        for (Future<String> one : crowd) {
          one.get();
        }
      }
      String small = groups.create(Groups.shell("sleep 3600"));

      groups.delete(little);

      groups.untilStatus(small, "Running");
    }
  }
}
