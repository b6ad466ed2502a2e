package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.metric.ContainerMetricResponse;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.MetricRecordResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.EngineObjects;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real containers use, at the door. */
@Tag("docker")
class MetricsOnDockerTest {

  private static final long MIB = 1 << 20;

  /** Sixteen bytes, doubled 21 times; the shell stays because something comes after the sleep. */
  private static final String GROWING =
      "x=0123456789abcdef; i=0; while [ $i -lt 21 ]; do x=$x$x; i=$((i+1)); done; sleep 1000; true";

  @TempDir private Path folder;

  private static List<MetricRecordResponse> records(Groups groups, String id) {
    return groups
        .client()
        .call(
            Action.DESCRIBE_CONTAINER_GROUP_METRIC,
            Groups.parameters("ContainerGroupId=" + id),
            DescribeContainerGroupMetricResponse.class)
        .records();
  }

  private static ContainerMetricResponse container(MetricRecordResponse one, String name) {
    return one.containers().stream().filter(of -> name.equals(of.name())).findFirst().orElseThrow();
  }

  private static long number(Long value) {
    return Objects.requireNonNull(value);
  }

  @Test
  void aBusyLoopAndAnAllocationAreSeen() throws Exception {
    try (DockerEngine engine = EngineForTests.engine(folder);
        TestRegistry registry = new TestRegistry();
        TestServer server =
            TestServer.start(
                TestServer.Options.USUAL
                    .with("podyard.runtime", "docker")
                    .with("podyard.metrics.period", "1s"))) {
      registry.put("library/busybox", "1", EngineForTests.busybox());
      String image = registry.host() + "/library/busybox:1";
      InstallationId installation = new Inventory(server.jdbc()).installation();
      try {
        Groups groups = Groups.ofNewAccount(server);
        Map<String, String> wanted =
            Groups.shell(
                "while true; do true; done",
                "Container.1.Image=" + image,
                "Container.2.Name=large",
                "Container.2.Image=" + image,
                "Container.2.Command.1=sh",
                "Container.2.Arg.1=-c",
                "Container.2.Arg.2=" + GROWING,
                "TerminationGracePeriodSeconds=1");
        String id = groups.create(wanted);
        groups.untilStatus(id, "Running");

        Waiting.until(
            "both are seen",
            () ->
                records(groups, id).stream()
                    .anyMatch(
                        one ->
                            one.containers().size() == 2
                                && number(container(one, "large").memory().rss()) > 25 * MIB
                                && container(one, "main").cpu().usageNanoCores() != null));
        MetricRecordResponse last = records(groups, id).getLast();
        ContainerMetricResponse main = container(last, "main");
        long limit = number(main.cpu().limit()) * 1_000_000;
        assertThat(number(main.cpu().usageNanoCores()))
            .as("of %d", limit)
            .isBetween(limit / 20, limit * 3 / 2);
        assertThat(number(container(last, "large").memory().workingSet())).isGreaterThan(25 * MIB);
        assertThat(last.network().interfaces()).isNotEmpty();
        // A container that was there for a part of the window counts for that part.
        assertThat(number(last.memory().usageBytes())).isPositive();
        groups.delete(id, "Force=true");
        groups.untilGone(id);
      } finally {
        EngineObjects.removeAll(engine, installation);
      }
    }
  }
}
