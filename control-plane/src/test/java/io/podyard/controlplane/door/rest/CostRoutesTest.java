package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.Hour;
import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.testing.TestServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What usage costs, settled or not. */
class CostRoutesTest {

  private static final String COSTS = "/v1/costs";
  private static final String MARCH = "?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z";

  private final TestServer server = BilledServer.server();
  private final RestClient client = new RestClient(server.endpoint(), BilledServer.key());

  @Test
  void settledLinesAreAddedUpByDayWhateverBillTheyAreOn() {
    JsonNode answer = client.get(COSTS + MARCH).ok().json();
    assertThat(answer.path("groupBy").asString()).isEqualTo("day");
    assertThat(answer.path("settledUntil").asString()).isEqualTo("2026-04-01T00:00:00Z");
    JsonNode costs = answer.path("costs").get(0);
    assertThat(costs.path("currency").asString()).isEqualTo("CNY");
    assertThat(costs.path("settled").asString()).isEqualTo("0.70854");
    assertThat(costs.path("unsettled").asString()).isEqualTo("0");
    assertThat(costs.path("total").asString()).isEqualTo("0.70854");
    assertThat(BilledServer.sums(costs))
        .containsExactly("2026-03-10=0.3528", "2026-03-11=0.3528", "2026-03-31=0.00294");
    assertThat(costs.path("sums").get(0).has("days")).isFalse();
  }

  @Test
  void otherSumsHaveASeriesOfDays() {
    JsonNode costs =
        client.get(COSTS + MARCH + "&groupBy=tag:team&limit=1").ok().json().path("costs").get(0);
    assertThat(BilledServer.sums(costs)).containsExactly("blue=0.5292");
    JsonNode days = costs.path("sums").get(0).path("days");
    assertThat(days).hasSize(2);
    assertThat(days.get(0).path("day").asString()).isEqualTo("2026-03-10");
    assertThat(days.get(1).path("amount").asString()).isEqualTo("0.1764");
    assertThat(costs.path("others").path("values").asInt()).isEqualTo(2);
    assertThat(costs.path("others").path("amount").asString()).isEqualTo("0.17934");
    assertThat(costs.path("others").path("days")).hasSize(2);
    assertThat(byDay("zone")).containsExactly("cn-hangzhou-b 10=0.3528 11=0.3528 31=0.00294");
    assertThat(byDay("item")).containsExactly("vcpu 10=0.3528 11=0.3528 31=0.00294");
    assertThat(byDay("group"))
        .containsExactly("eci-a 10=0.3528 11=0.1764", "eci-b 11=0.1764", "eci-c 31=0.00294");
    assertThat(byDay("image-cache")).containsExactly(" 10=0.3528 11=0.3528 31=0.00294");
  }

  @Test
  void cachesAreSumsOfTheirOwn() {
    RestClient reader = new RestClient(server.endpoint(), BilledServer.withCaches());
    String april = "?from=2026-04-01T00:00:00Z&to=2026-05-01T00:00:00Z";
    assertThat(byDay(reader, april, "image-cache"))
        .containsExactly("imc-a 02=0.3528", "imc-b 03=0.1764", " 03=0.0539");
    assertThat(byDay(reader, april, "data-cache"))
        .containsExactly(" 02=0.3528 03=0.1813", "edc-a 03=0.049");
  }

  private List<String> byDay(String grouping) {
    return byDay(client, MARCH, grouping);
  }

  /** Values with their amounts on days of a month, as {@code blue 10=0.3528 11=0.1764}. */
  private static List<String> byDay(RestClient reader, String period, String grouping) {
    JsonNode costs =
        reader.get(COSTS + period + "&groupBy=" + grouping).ok().json().path("costs").get(0);
    List<String> sums = new ArrayList<>();
    for (JsonNode sum : costs.path("sums")) {
      StringBuilder words = new StringBuilder(sum.path("value").asString());
      for (JsonNode day : sum.path("days")) {
        words
            .append(' ')
            .append(day.path("day").asString().substring(8))
            .append('=')
            .append(day.path("amount").asString());
      }
      sums.add(words.toString());
    }
    return sums;
  }

  @Test
  void everyHourIsSettledOrRatedLiveAndNoneTwice() {
    TestServer.Key key = server.newAccount();
    RestClient reader = new RestClient(server.endpoint(), key);
    Instant now = Instant.now();
    Instant start = Hour.containing(now).start().minus(Duration.ofHours(5));
    // Two vCPU and 4 GiB since five hours and twenty minutes.
    server
        .jdbc()
        .update(
            """
            insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
              memory_mib, gpu_milli, tariff, started_at)
            values ('eci-live', 1, ?, 'cn-hangzhou', 'cn-hangzhou-b', 2000, 4096, 0, '', ?)
            """,
            key.account().value(),
            start.minusSeconds(1200).atOffset(ZoneOffset.UTC));
    String since = COSTS + "?from=" + start;
    BigDecimal all = new BigDecimal(costs(reader, since).path("unsettled").asString());
    BigDecimal anHour = new BigDecimal("0.441072");
    assertThat(all).isGreaterThanOrEqualTo(anHour.multiply(BigDecimal.valueOf(5)));

    // The second of the hours was charged already, and for less than the list says.
    new PlantedLines(server.jdbc(), key.account())
        .vcpu("eci-live", start.plusSeconds(3600).toString(), "1000");
    JsonNode answer = reader.get(since).ok().json();
    JsonNode costs = answer.path("costs").get(0);
    assertThat(costs.path("settled").asString()).isEqualTo("0.049");
    BigDecimal left = new BigDecimal(costs.path("unsettled").asString());
    assertThat(left.subtract(all.subtract(anHour)))
        .isBetween(BigDecimal.ZERO, new BigDecimal("0.01"));
    assertThat(new BigDecimal(costs.path("total").asString()))
        .isEqualByComparingTo(left.add(new BigDecimal("0.049")));
    assertThat(answer.path("settledUntil").asString()).isEqualTo(start.toString());
    // A period that has passed.
    JsonNode two =
        reader.get(since + "&to=" + start.plusSeconds(7200)).ok().json().path("costs").get(0);
    assertThat(two.path("unsettled").asString()).isEqualTo("0.441072");
    server.jdbc().update("delete from usage_interval where group_id = 'eci-live'");
  }

  private static JsonNode costs(RestClient reader, String path) {
    return reader.get(path).ok().json().path("costs").get(0);
  }

  @Test
  void whatHasNotBegunCostsNothing() {
    JsonNode ahead =
        client.get(COSTS + "?from=2999-01-01T00:00:00Z&to=2999-02-01T00:00:00Z").ok().json();
    assertThat(ahead.path("costs")).isEmpty();
    assertThat(ahead.path("settledUntil").asString()).isEqualTo("2999-01-01T00:00:00Z");
  }

  @Test
  void periodsAreOfFullHoursAndHaveAnEnd() {
    assertThat(
            client
                .get(COSTS + "?from=2026-03-01T00:30:00Z&to=tomorrow&groupBy=tag:&limit=101&x=1")
                .wrongFields())
        .containsExactlyInAnyOrder("from", "to", "groupBy", "limit", "x");
    assertThat(client.get(COSTS + "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z").body())
        .contains("must not be before from");
    assertThat(client.get(COSTS + "?from=2999-01-01T00:00:00Z").body())
        .contains("must not lie ahead");
    assertThat(client.get(COSTS + "?from=2000-01-01T00:00:00Z").body())
        .contains("must be at most 1100 days");
    assertThat(
            new RestClient(server.endpoint(), server.newAccount())
                .get(COSTS + MARCH + "&accountId=" + BilledServer.key().account())
                .status())
        .isEqualTo(403);
    assertThat(
            new RestClient(server.endpoint(), server.operator())
                .get(COSTS + MARCH + "&accountId=" + BilledServer.key().account())
                .ok()
                .body())
        .contains("0.70854");
  }
}
