package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.SettledLine;
import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines of a bill as JSON: the same as the CSV, number for number. */
class BillLinesAsJsonTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String LINES = "/v1/bills/%s/lines?format=json";
  private static final String MARCH = LINES.formatted("2026-03");

  private final TestServer server = BilledServer.server();
  private final TestServer.Key key = BilledServer.key();
  private final RestClient client = new RestClient(server.endpoint(), key);

  private static List<JsonNode> lines(RestClient.Answer file) {
    assertThat(file.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(file.body().isEmpty() || file.body().endsWith("}\n")).isTrue();
    return file.body().lines().map(JSON::readTree).toList();
  }

  private static BigDecimal sum(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> new BigDecimal(line.path("amount").asString()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void everyLineIsThereAndTheyAddUpToTheBill() {
    RestClient.Answer file = client.get(MARCH).ok();
    assertThat(file.header("podyard-lines")).isEqualTo("4");
    assertThat(file.header("content-disposition"))
        .isEqualTo(
            "attachment; filename=\"podyard-%s-2026-03-lines.ndjson\"".formatted(key.account()));
    List<JsonNode> march = lines(file);
    assertThat(march).hasSize(4);
    for (String month : List.of("2026-03", "2026-04")) {
      JsonNode bill = client.get("/v1/bills/" + month).ok().json().path("amounts").get(0);
      assertThat(sum(lines(client.get(LINES.formatted(month)).ok())))
          .isEqualByComparingTo(bill.path("exact").asString());
    }
    assertThat(client.send("HEAD", MARCH, null, Map.of()).header("podyard-lines")).isEqualTo("4");
    RestClient.Answer nothing = client.get(LINES.formatted("2999-01")).ok();
    assertThat(lines(nothing)).isEmpty();
    assertThat(nothing.header("podyard-lines")).isEqualTo("0");
  }

  @Test
  void aLineIsThatOfTheColumns() {
    List<String> rows =
        client.get("/v1/bills/2026-03/lines?format=csv").ok().body().lines().toList();
    assertThat(rows).isEqualTo(client.get("/v1/bills/2026-03/lines").ok().body().lines().toList());
    List<String> titles = List.of(rows.getFirst().split(","));
    List<JsonNode> lines = lines(client.get(MARCH).ok());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      String[] fields = rows.get(i + 1).split(",", titles.size());
      List<String> there = new ArrayList<>();
      for (int column = 0; column < titles.size() - 1; column++) {
        String title = titles.get(column);
        if (!fields[column].isEmpty()) {
          there.add(title);
        }
        assertThat(line.path(title).asString("")).as(title).isEqualTo(fields[column]);
      }
      there.add("tags");
      assertThat(line.propertyNames()).containsExactlyElementsOf(there);
    }
    JsonNode first = lines.getFirst();
    for (String exact : List.of("units", "listPrice", "unitPrice", "amount")) {
      assertThat(first.path(exact).isString()).as(exact).isTrue();
    }
    assertThat(first.path("revision").isIntegralNumber()).isTrue();
    assertThat(first.path("amount").asString()).isEqualTo("0.3528");
    assertThat(first.path("tags").toString()).isEqualTo("{\"team\":\"blue\"}");
    assertThat(lines.get(1).path("tags").path("team").asString()).isEqualTo(BilledServer.SCRIPT);
    assertThat(lines.getLast().path("tags").toString()).isEqualTo("{}");

    JsonNode late = lines(client.get(LINES.formatted("2026-04")).ok()).getFirst();
    assertThat(late.path("why").asString()).isEqualTo("late-close");
    assertThat(late.path("revision").asInt()).isEqualTo(1);
    assertThat(late.path("amount").asString()).isEqualTo("-0.00196");
  }

  @Test
  void allDecimalsAreThere() {
    TestServer.Key other = server.newAccount();
    PlantedLines planted = new PlantedLines(server.jdbc(), other.account());
    // More than a floating-point number holds.
    String units = "123456789012.123456789012";
    planted.add(
        BilledServer.APRIL, planted.line("eci-much", "2026-04-02T00:00:00Z", 0, units, null));
    RestClient reader = new RestClient(server.endpoint(), other);
    JsonNode line = lines(reader.get(LINES.formatted("2026-04")).ok()).getFirst();
    assertThat(line.path("units").asString()).isEqualTo(units);
    assertThat(line.path("amount").asString())
        .isEqualTo(new BigDecimal(units).multiply(new BigDecimal("0.000049")).toPlainString());
    server.jdbc().update("delete from charge_line where account_id = ?", other.account().value());
  }

  @Test
  void aDownloadThatBreaksOffDoesNotLookWhole() {
    TestServer.Key other = server.newAccount();
    PlantedLines planted = new PlantedLines(server.jdbc(), other.account());
    List<SettledLine> many =
        IntStream.range(0, 5_000)
            .mapToObj(i -> planted.line("eci-" + i, "2026-04-02T00:00:00Z", 0, "1", null))
            .toList();
    planted.add(BilledServer.APRIL, many);
    RestClient reader = new RestClient(server.endpoint(), other);
    assertThat(lines(reader.get(LINES.formatted("2026-04")).ok())).hasSize(5_000);

    // As a later release might write it.
    server
        .jdbc()
        .execute(
            """
            insert into charge_line
            select account_id, hour + interval '1 day', resource_kind, 'eci-x', gen_random_uuid(), 0,
                   bill_month, region, zone, item, 'of-tomorrow', agreement_id, list_price, unit_price,
                   currency, units, amount
            from charge_line where account_id = '%s' and resource_id = 'eci-0'
            """
                .formatted(other.account()));
    assertThatThrownBy(() -> reader.get(LINES.formatted("2026-04")))
        .hasRootCauseInstanceOf(IOException.class);
    server.jdbc().update("delete from charge_line where account_id = ?", other.account().value());
  }

  @Test
  void othersAreForTheOperatorAloneAndOtherFormsAreNone() {
    RestClient stranger = new RestClient(server.endpoint(), server.newAccount());
    RestClient operator = new RestClient(server.endpoint(), server.operator());
    String own = MARCH + "&accountId=" + key.account();
    assertThat(stranger.get(own).status()).isEqualTo(403);
    assertThat(lines(operator.get(own).ok())).hasSize(4);
    RestClient.Answer refused = client.get("/v1/bills/2026-03/lines?format=xml");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.wrongFields()).containsExactly("format");
    assertThat(client.get("/v1/bills/2026-03/focus?format=json").wrongFields())
        .containsExactly("format");
  }
}
