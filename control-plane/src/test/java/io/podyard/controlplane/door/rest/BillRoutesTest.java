package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.BillMonth;
import io.podyard.billing.FocusExport;
import io.podyard.billing.SettledLine;
import io.podyard.controlplane.bill.BillExports;
import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bills as their account reads them. */
class BillRoutesTest {

  private static final String BILLS = "/v1/bills";

  /** In docs/bills.md, and for ever. */
  private static final String HEADER =
      "lineId,accountId,billMonth,hour,resourceKind,resourceId,resourceName,revision,regionId,"
          + "zoneId,item,kind,agreementId,units,unit,listPrice,unitPrice,amount,currency,why,"
          + "sentence,settledAt,tags";

  private final TestServer server = BilledServer.server();
  private final TestServer.Key key = BilledServer.key();
  private final RestClient client = new RestClient(server.endpoint(), key);

  @Test
  void billsAreListedTheNewestFirst() {
    JsonNode page = client.get(BILLS).ok().json();
    assertThat(page.path("accountId").asString()).isEqualTo(key.account().value());
    JsonNode present = page.path("bills").get(0);
    assertThat(present.path("month").asString())
        .isEqualTo(BillMonth.containing(Instant.now()).toString());
    assertThat(present.path("state").asString()).isEqualTo("running");
    assertThat(present.path("amounts")).isEmpty();
    assertThat(page.path("bills").get(1).path("month").asString()).isEqualTo("2026-04");
    JsonNode march = page.path("bills").get(2);
    assertThat(march.path("month").asString()).isEqualTo("2026-03");
    assertThat(march.path("state").asString()).isEqualTo("closed");
    assertThat(march.path("closedAt").isMissingNode()).isFalse();
    JsonNode amount = march.path("amounts").get(0);
    assertThat(amount.path("currency").asString()).isEqualTo("CNY");
    assertThat(amount.path("lines").asInt()).isEqualTo(4);
    assertThat(amount.path("exact").asString()).isEqualTo("0.7105");
    assertThat(amount.path("total").asString()).isEqualTo("0.71");
    assertThat(page.path("nextToken").isMissingNode()).isTrue();

    JsonNode first = client.get(BILLS + "?limit=2").ok().json();
    JsonNode second =
        client.get(BILLS + "?limit=2&nextToken=" + first.path("nextToken").asString()).ok().json();
    assertThat(second.path("bills")).hasSize(1);
    assertThat(second.path("bills").get(0)).isEqualTo(march);
  }

  @Test
  void aBillAddsUpByWhatIsAskedFor() {
    JsonNode march = client.get(BILLS + "/2026-03?groupBy=tag:team").ok().json();
    assertThat(march.path("state").asString()).isEqualTo("closed");
    JsonNode amount = march.path("amounts").get(0);
    assertThat(amount.path("roundings").get(0).path("sentence").asString())
        .isEqualTo("total rounded: -0.0005 CNY");
    assertThat(amount.path("roundingLines").asInt()).isEqualTo(1);
    assertThat(BilledServer.sums(amount))
        .containsExactly("blue=0.5292", BilledServer.SCRIPT + "=0.1764", "=0.0049");
    assertThat(amount.has("others")).isFalse();

    JsonNode two = client.get(BILLS + "/2026-03?groupBy=group&limit=1").ok().json();
    assertThat(BilledServer.sums(two.path("amounts").get(0))).containsExactly("eci-a=0.5292");
    assertThat(two.path("amounts").get(0).path("others").path("values").asInt()).isEqualTo(2);
    assertThat(two.path("amounts").get(0).path("others").path("amount").asString())
        .isEqualTo("0.1813");
    assertThat(BilledServer.sums(amounts("2026-03?groupBy=day")))
        .containsExactly("2026-03-10=0.3528", "2026-03-11=0.3528", "2026-03-31=0.0049");
    assertThat(BilledServer.sums(amounts("2026-03?groupBy=zone")))
        .containsExactly("cn-hangzhou-b=0.7105");
    assertThat(BilledServer.sums(amounts("2026-03?groupBy=item"))).containsExactly("vcpu=0.7105");
    assertThat(BilledServer.sums(amounts("2026-03?groupBy=image-cache")))
        .containsExactly("=0.7105");
    assertThat(amounts("2026-03").has("sums")).isFalse();
    assertThat(BilledServer.sums(amounts("2026-04?groupBy=day")))
        .containsExactly("2026-03-31=-0.00196", "2026-04-01=0.00294");
    JsonNode ahead = client.get(BILLS + "/2999-01?groupBy=day").ok().json();
    assertThat(ahead.path("state").asString()).isEqualTo("opening");
    assertThat(ahead.path("amounts")).isEmpty();
  }

  @Test
  void cachesAreSumsOfTheirOwn() {
    RestClient reader = new RestClient(server.endpoint(), BilledServer.withCaches());
    assertThat(BilledServer.sums(amounts(reader, "2026-04?groupBy=image-cache")))
        .containsExactly("imc-a=0.3528", "imc-b=0.1764", "=0.0539");
    assertThat(BilledServer.sums(amounts(reader, "2026-04?groupBy=data-cache")))
        .containsExactly("=0.5341", "edc-a=0.049");
    assertThat(BilledServer.sums(amounts(reader, "2026-04?groupBy=group")))
        .containsExactly("=0.5782", "eci-a=0.0049");
  }

  private JsonNode amounts(String path) {
    return amounts(client, path);
  }

  private static JsonNode amounts(RestClient reader, String path) {
    return reader.get(BILLS + "/" + path).ok().json().path("amounts").get(0);
  }

  @Test
  void everyLineIsInTheFile() {
    RestClient.Answer file = client.get(BILLS + "/2026-03/lines").ok();
    assertThat(file.header("content-type")).isEqualTo("text/csv");
    assertThat(file.header("content-disposition"))
        .isEqualTo(
            "attachment; filename=\"podyard-%s-2026-03-lines.csv\"".formatted(key.account()));
    assertThat(file.header("podyard-lines")).isEqualTo("4");
    List<String> rows = file.body().lines().toList();
    assertThat(rows).hasSize(5);
    assertThat(rows.getFirst()).isEqualTo(HEADER);
    assertThat(rows.get(1).substring(37))
        .startsWith(
            ("%s,2026-03,2026-03-10T08:00:00Z,container-group,eci-a,shop,0,cn-hangzhou,"
                    + "cn-hangzhou-b,vcpu,usage,,7200,vCPU-seconds,0.000049,0.000049,0.3528,CNY,,"
                    + "7200 vCPU-seconds x 0.000049 CNY = 0.3528 CNY,")
                .formatted(key.account()))
        .endsWith(",\"{\"\"team\"\":\"\"blue\"\"}\"");
    assertThat(rows.get(2)).contains("eci-a", "{\"\"a\"\":\"\"1,2\"\",");
    assertThat(rows.get(3)).contains("eci-b");
    assertThat(sum(rows, 17)).isEqualByComparingTo("0.7105");

    List<String> april = client.get(BILLS + "/2026-04/lines").ok().body().lines().toList();
    assertThat(april).hasSize(3);
    assertThat(april.get(1)).contains("2026-04,2026-03-31T23:00:00Z", ",late-close,");
    RestClient.Answer head = client.send("HEAD", BILLS + "/2026-03/lines", null, Map.of());
    assertThat(head.header("podyard-lines")).isEqualTo("4");
    assertThat(client.get(BILLS + "/2999-01/lines").ok().body()).isEqualTo(HEADER + "\r\n");
  }

  /** Of a column without commas before it. */
  private static BigDecimal sum(List<String> rows, int column) {
    return rows.stream()
        .skip(1)
        .map(row -> new BigDecimal(row.split(",", -1)[column]))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void theFocusExportAddsUpToTheTotal() {
    RestClient.Answer file = client.get(BILLS + "/2026-03/focus").ok();
    assertThat(file.header("content-disposition")).contains("-2026-03-focus.csv");
    List<String> rows = file.body().lines().toList();
    assertThat(rows.getFirst()).isEqualTo(String.join(",", FocusExport.columns()));
    assertThat(rows).hasSize(6);
    assertThat(rows.getLast()).contains("Adjustment", "total rounded: -0.0005 CNY");
    assertThat(rows.get(1)).contains(key.account() + "-2026-03", ",shop,");
    assertThat(sum(rows, FocusExport.columns().indexOf("BilledCost"))).isEqualByComparingTo("0.71");
    // Without an invoice as long as it runs; the late line corrects a closed bill.
    List<String> april = client.get(BILLS + "/2026-04/focus").ok().body().lines().toList();
    assertThat(april.get(1)).contains(",Correction,");
    assertThat(sum(april, FocusExport.columns().indexOf("BilledCost"))).isEqualByComparingTo("0");
  }

  @Test
  void aDownloadThatBreaksOffDoesNotLookWhole() {
    TestServer.Key other = server.newAccount();
    PlantedLines lines = new PlantedLines(server.jdbc(), other.account());
    List<SettledLine> many =
        IntStream.range(0, 5_000)
            .mapToObj(i -> lines.line("eci-" + i, "2026-04-02T00:00:00Z", 0, "1", null))
            .toList();
    lines.add(BilledServer.APRIL, many);
    RestClient reader = new RestClient(server.endpoint(), other);
    assertThat(reader.get(BILLS + "/2026-04/lines").ok().body().lines()).hasSize(5_001);

    // As a later release might write it.
    lines.add(BilledServer.APRIL, lines.line("eci-x", "2026-04-03T00:00:00Z", 0, "1", null));
    server
        .jdbc()
        .execute(
            """
            insert into charge_line
            select account_id, hour, resource_kind, 'eci-y', gen_random_uuid(), 0, bill_month,
                   region, zone, item, 'of-tomorrow', agreement_id, list_price, unit_price,
                   currency, units, amount
            from charge_line where resource_id = 'eci-x'
            """);
    assertThatThrownBy(() -> reader.get(BILLS + "/2026-04/lines"))
        .hasRootCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> reader.get(BILLS + "/2026-04/focus"))
        .hasRootCauseInstanceOf(IOException.class);
    // Before anything was sent, it is an answer like any other.
    server.jdbc().update("delete from charge_line where hour = '2026-04-02T00:00Z'");
    RestClient.Answer failed = reader.get(BILLS + "/2026-04/lines");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.header("content-disposition")).isEmpty();
    assertThat(failed.header("content-type")).startsWith("application/problem+json");
    server.jdbc().update("delete from charge_line where account_id = ?", other.account().value());
  }

  @Test
  void onlySoManyAreDownloadedAtOnce() {
    BillExports exports = server.bean(BillExports.class);
    List<BillExports.Export> open = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        open.add(exports.lines(key.account(), BilledServer.MARCH));
      }
      RestClient.Answer refused = client.get(BILLS + "/2026-03/focus");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("8 bills are being downloaded");
    } finally {
      open.forEach(BillExports.Export::close);
    }
    assertThat(client.get(BILLS + "/2026-03/focus").status()).isEqualTo(200);
  }

  @Test
  void othersAreForTheOperatorAlone() {
    RestClient stranger = new RestClient(server.endpoint(), server.newAccount());
    RestClient operator = new RestClient(server.endpoint(), server.operator());
    String own = "accountId=" + key.account();
    for (String path : List.of("?", "/2026-03?", "/2026-03/lines?", "/2026-03/focus?")) {
      assertThat(stranger.get(BILLS + path + own).status()).as(path).isEqualTo(403);
      assertThat(operator.get(BILLS + path + own).ok().body()).as(path).contains("CNY");
      assertThat(stranger.get(BILLS + path.replace("?", "")).ok().body())
          .as(path)
          .doesNotContain("eci-a")
          .doesNotContain("0.71");
    }
  }

  @Test
  void whatIsWrongIsNamedAllAtOnce() {
    RestClient.Answer answer =
        client.get(BILLS + "/2026-13?groupBy=colour&limit=0&accountId=a%20b&x=1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.wrongFields())
        .containsExactlyInAnyOrder("month", "groupBy", "limit", "accountId", "x");
    assertThat(answer.body())
        .contains("must be a month such as 2026-03", "must be item, group", "such as tag:team");
  }
}
