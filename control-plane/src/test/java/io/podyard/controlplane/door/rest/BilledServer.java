package io.podyard.controlplane.door.rest;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.Why;
import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.settlement.SettlementRounds;
import io.podyard.controlplane.testing.TestServer;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A server whose bills of March are closed, with the lines of one account: 0.71 CNY in March, of
 * which two groups are tagged; some more in April, of which one line is a late one.
 */
final class BilledServer {

  static final BillMonth MARCH = new BillMonth(YearMonth.of(2026, 3));
  static final BillMonth APRIL = new BillMonth(YearMonth.of(2026, 4));
  static final String SCRIPT = "<script>document.title='gotcha'</script>";

  private static final class Shared {
    private static final TestServer SERVER = TestServer.start(TestServer.Options.USUAL);
    private static final TestServer.Key DOCUMENTED = SERVER.newAccount();
    private static final TestServer.Key KEY = plant(SERVER);

    private static TestServer.Key plant(TestServer server) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      // What is settled here, tests say.
      server.bean(SettlementRounds.class).stop();
      TestServer.Key key = server.newAccount();
      PlantedLines lines = new PlantedLines(server.jdbc(), key.account());
      lines.vcpu("eci-a", "2026-03-10T08:00:00Z", "7200");
      lines.vcpu("eci-a", "2026-03-11T09:00:00Z", "3600");
      lines.vcpu("eci-b", "2026-03-11T09:00:00Z", "3600");
      lines.vcpu("eci-c", "2026-03-31T23:00:00Z", "100");
      lines.facts(
          group("eci-a"),
          "2026-03-10T08:00:00Z",
          "2026-03-11T00:00:00Z",
          "shop",
          Map.of("team", "blue"));
      lines.facts(
          group("eci-a"), "2026-03-11T00:00:00Z", null, "shop", Map.of("team", SCRIPT, "a", "1,2"));
      lines.facts(group("eci-b"), "2026-03-11T09:00:00Z", null, null, Map.of("team", "blue"));
      PlantedLines documented = new PlantedLines(server.jdbc(), DOCUMENTED.account());
      documented.vcpu("eci-web", "2026-03-10T08:00:00Z", "7200");
      documented.vcpu("eci-job", "2026-03-10T08:00:00Z", "1000");
      documented.vcpu("eci-old", "2026-03-10T08:00:00Z", "100");
      documented.facts(
          group("eci-web"), "2026-03-10T08:00:00Z", null, "shop", Map.of("team", "blue"));
      documented.facts(
          group("eci-job"), "2026-03-10T08:00:00Z", null, "report", Map.of("team", "red"));
      PlantedLines.listed(server.jdbc(), "2026-03-10T08:00:00Z", "2026-04-01T00:00:00Z");
      PlantedLines.closeWhatIsOver(server);
      lines.add(APRIL, lines.line("eci-c", "2026-03-31T23:00:00Z", 1, "-40", Why.LATE_CLOSE));
      lines.vcpu("eci-d", "2026-04-01T00:00:00Z", "60");
      return key;
    }
  }

  private BilledServer() {}

  static Resource group(String id) {
    return new Resource(ResourceKind.CONTAINER_GROUP, id);
  }

  /**
   * A new account that used two image caches, a data cache and a group on days of April: 7200,
   * 3600, 1000 and 100 vCPU-seconds.
   */
  static TestServer.Key withCaches() {
    TestServer.Key key = server().newAccount();
    PlantedLines lines = new PlantedLines(server().jdbc(), key.account());
    lines.add(
        APRIL,
        lines.line(imageCache("imc-a"), "2026-04-02T08:00:00Z", 0, "7200", null),
        lines.line(imageCache("imc-b"), "2026-04-03T08:00:00Z", 0, "3600", null),
        lines.line(
            new Resource(ResourceKind.DATA_CACHE, "edc-a"),
            "2026-04-03T08:00:00Z",
            0,
            "1000",
            null),
        lines.line("eci-a", "2026-04-03T08:00:00Z", 0, "100", null));
    return key;
  }

  private static Resource imageCache(String id) {
    return new Resource(ResourceKind.IMAGE_CACHE, id);
  }

  static TestServer server() {
    return Shared.SERVER;
  }

  /** Of the account whose bill {@code docs/bills.md} shows. */
  static TestServer.Key documented() {
    TestServer.Key _ = Shared.KEY;
    return Shared.DOCUMENTED;
  }

  /** Of the account that has the lines. */
  static TestServer.Key key() {
    return Shared.KEY;
  }

  /** Values and amounts, as {@code blue=0.5292}. */
  static List<String> sums(JsonNode amount) {
    List<String> sums = new ArrayList<>();
    amount
        .path("sums")
        .forEach(
            sum -> sums.add(sum.path("value").asString() + "=" + sum.path("amount").asString()));
    return sums;
  }
}
