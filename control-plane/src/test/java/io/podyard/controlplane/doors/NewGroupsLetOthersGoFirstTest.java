package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request for a group where there is room that somebody waits for. */
class NewGroupsLetOthersGoFirstTest {

  private static final PlacementRequest WAITS =
      PlacementRequest.anywhereIn(new RegionId("cn-hangzhou"), Size.of(1_000, 1_024));

  private static Map<String, String> group(String... more) {
    return Groups.shell("sleep 3600", more);
  }

  @Test
  void itIsSaidToWaitAndThoseThatWaitAreLookedAtAtOnce() throws Exception {
    try (TestServer server =
        TestServer.start(TestServer.Options.USUAL.withHosts(1, "16vCPU/64GiB"))) {
      Groups groups = Groups.ofNewAccount(server);
      Placement placement = server.bean(Placement.class);
      List<String> made = new ArrayList<>();
      Waiting.until(
          "a group that lets others go first",
          () -> {
            // As a look would leave it; the next one, each second, finds that nobody waits.
            placement.waitedFor().joined(List.of(WAITS), true);
            String pays = groups.create(group());
            String spot = groups.create(group("SpotStrategy=SpotAsPriceGo", "SpotDuration=0"));
            made.add(pays);
            made.add(spot);
            assertThat(groups.reasons(pays)).doesNotContain("FailedScheduling");
            return groups.reasons(spot).contains("FailedScheduling");
          });
      String spot = made.getLast();
      groups.untilStatus(spot, "Running");
      assertThat(
              groups.get(spot).events().stream()
                  .filter(event -> "FailedScheduling".equals(event.reason()))
                  .map(event -> String.valueOf(event.message())))
          .singleElement()
          .asString()
          .contains("others wait for it");
      made.forEach(groups::delete);
      server.untilNothingIsReserved();
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    }
  }

  private static String stock(Groups groups) {
    return groups.stock(
        "ZoneId=cn-hangzhou-b",
        "DestinationResource.Category=InstanceType",
        "DestinationResource.Cores=1",
        "DestinationResource.Memory=2");
  }

  @Test
  void aDryRunAndStockTellWhatACreateWouldFind() throws Exception {
    try (TestServer server =
        TestServer.start(TestServer.Options.USUAL.withHosts(1, "16vCPU/64GiB"))) {
      Groups groups = Groups.ofNewAccount(server);
      Placement placement = server.bean(Placement.class);
      assertThat(stock(groups)).isEqualTo("WithStock");
      Waiting.until(
          "a dry run that lets others go first",
          () -> {
            // As a look would leave it; the next one, each second, finds that nobody waits.
            placement.waitedFor().joined(List.of(WAITS), false);
            PodyardCallException told =
                groups.refusal(Action.CREATE_CONTAINER_GROUP, group("DryRun=true"));
            return String.valueOf(told.getMessage()).contains("others wait for it");
          });
      Waiting.until(
          "stock that others wait for",
          () -> {
            placement.waitedFor().joined(List.of(WAITS), false);
            return stock(groups).equals("WithoutStock");
          });
      Waiting.until("stock that nobody waits for", () -> stock(groups).equals("WithStock"));
      assertThat(groups.refusal(Action.CREATE_CONTAINER_GROUP, group("DryRun=true")).errorCode())
          .contains(ErrorCode.DRY_RUN_OPERATION);
      server.untilNothingIsReserved();
    }
  }
}
