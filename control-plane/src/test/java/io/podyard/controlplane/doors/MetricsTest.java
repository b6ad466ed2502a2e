package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator's Prometheus reads. */
class MetricsTest {

  @Test
  void theStepsOfAStartAndTheCapacityOfTheHostsAreTold() throws Exception {
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL.withHosts(2, "4vCPU/8GiB").with("podyard.shards", "1"))) {
      Groups groups = Groups.ofNewAccount(server);
      String id =
          groups.create(
              Groups.shell(
                  "sleep 3600",
                  "InitContainer.1.Name=prepare",
                  "InitContainer.1.Image=podyard/init:1",
                  "InitContainer.1.Command.1=true"));
      groups.untilStatus(id, "Running");

      List<String> lines = scrape(server);
      for (String step : List.of("scheduling", "sandbox", "pull", "init", "start", "total")) {
        assertThat(lines)
            .contains("podyard_group_start_seconds_count{step=\"%s\"} 1".formatted(step));
      }
      assertThat(lines).anyMatch(line -> line.startsWith("podyard_group_start_seconds_bucket{"));
      assertThat(lines)
          .contains(
              "podyard_hosts 2.0",
              "podyard_hosts_cpu{kind=\"allocatable\"} 8.0",
              "podyard_shards_held 1.0",
              "podyard_groups_driven 1.0")
          .anyMatch(line -> line.startsWith("podyard_metric_samples_total{outcome=\"taken\"} "))
          .anyMatch(line -> line.startsWith("podyard_metric_samples_total{outcome=\"missed\"} "));
    }
  }

  @Test
  void everyLoopTellsHowManyMishapsItSurvived() throws Exception {
    try (TestServer server = TestServer.start(TestServer.Options.USUAL)) {
      List<String> lines = scrape(server);
      for (Loop loop : Loop.values()) {
        assertThat(lines).contains(line(loop));
      }
      long before = Mishaps.count(Loop.SWEEP);
      Mishaps.tell(
          LoggerFactory.getLogger(MetricsTest.class),
          Loop.SWEEP,
          "this is a test",
          new OutOfMemoryError("on purpose"));
      assertThat(Mishaps.count(Loop.SWEEP)).isEqualTo(before + 1);
      assertThat(scrape(server)).contains(line(Loop.SWEEP));
    }
  }

  private static String line(Loop loop) {
    return "podyard_mishaps_total{loop=\"%s\"} %.1f"
        .formatted(loop.tag(), (double) Mishaps.count(loop));
  }

  private static List<String> scrape(TestServer server) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(server.endpoint().resolve("/actuator/prometheus")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .toList();
    }
  }
}
