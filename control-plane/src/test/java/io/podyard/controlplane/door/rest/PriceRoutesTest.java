package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.Item;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/** The price book as a file that an operator exports, edits and imports. */
class PriceRoutesTest {

  private static final String PRICES = "/v1/prices";
  private static final String LATER = "2090-01-01T00:00:00Z";
  private static final Path PAGE = Path.of("..", "docs", "prices.md");

  private static TestServer server;

  private final RestClient operator = newOperator();
  private final DocumentedShapes shapes = new DocumentedShapes(operator.get("/v3/api-docs").json());

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static RestClient newOperator() {
    return new RestClient(server.endpoint(), server.operator());
  }

  private static String file(String... prices) {
    return "{\"format\": \"podyard-price-book/1\", \"prices\": [" + String.join(",", prices) + "]}";
  }

  private static String price(String region, String item, String perSecond, String more) {
    return "{\"region\": \"%s\", \"item\": \"%s\", \"currency\": \"EUR\", \"perSecond\": \"%s\" %s}"
        .formatted(region, item, perSecond, more);
  }

  private static String from(String time) {
    return ", \"validFrom\": \"" + time + "\"";
  }

  private static String dry(String file) {
    return "{\"dryRun\": true, " + file.substring(1);
  }

  private JsonNode checked(String operationId, RestClient.Answer answer) {
    answer.ok();
    assertThat(shapes.differences(operationId, answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private JsonNode put(String file) {
    return checked("ImportPrices", operator.put(PRICES, file));
  }

  private List<String> words(JsonNode prices) {
    List<String> words = new ArrayList<>();
    for (JsonNode price : prices) {
      words.add(
          "%s %s %s %s-%s"
              .formatted(
                  price.path("region").asString(),
                  price.path("item").asString(),
                  price.path("perSecond").asString(),
                  price.path("validFrom").asString(),
                  price.path("validTo").asString()));
    }
    return words;
  }

  private int changes() {
    return Objects.requireNonNull(
        server.jdbc().queryForObject("select count(*) from price_change", Integer.class));
  }

  @Test
  void whatIsExportedCanBeImportedAndChangesNothing() {
    RestClient.Answer exported = operator.get(PRICES);
    checked("ListPrices", exported);
    assertThat(exported.body()).contains("\"perSecond\":\"0.000049\"", "\"CNY\"", "\"USD\"");
    int before = changes();

    JsonNode imported = put(exported.body());

    assertThat(imported.path("gone")).isEmpty();
    assertThat(imported.path("added")).isEmpty();
    assertThat(imported.has("priceChangeId")).isFalse();
    assertThat(changes()).isEqualTo(before);
    assertThat(operator.get(PRICES).json().path("prices"))
        .isEqualTo(exported.json().path("prices"));
  }

  @Test
  void aDryRunTellsWhatTheImportThenDoes() {
    String file =
        file(
            price("dry-*", "vcpu", "1.5", from(LATER)),
            price("dry-*", "memory", "0.25", from(LATER)));
    int before = changes();

    JsonNode told = put(dry(file));

    assertThat(told.path("dryRun").asBoolean()).isTrue();
    assertThat(words(told.path("added")))
        .containsExactly(
            "dry-* vcpu 1.5 %s-".formatted(LATER), "dry-* memory 0.25 %s-".formatted(LATER));
    assertThat(changes()).isEqualTo(before);
    assertThat(operator.get(PRICES + "?regionId=dry-1&at=" + LATER).ok().body())
        .doesNotContain("dry-");
    assertThat(put(file).path("added")).isEqualTo(told.path("added"));
    assertThat(
            words(
                operator
                    .get(PRICES + "?regionId=dry-1&item=vcpu&at=" + LATER)
                    .json()
                    .path("prices")))
        .contains("dry-* vcpu 1.5 %s-".formatted(LATER));
    assertThat(words(operator.get(PRICES + "?regionId=dry-1&item=vcpu").json().path("prices")))
        .allMatch(words -> words.contains(" vcpu "));
  }

  @Test
  void aPriceIsSupersededAndTheChangeSaysByWhom() {
    put(file(price("who-*", "vcpu", "1", from(LATER)), price("who-*", "memory", "1", from(LATER))));
    RestClient.Answer answer =
        operator.put(PRICES, file(price("who-*", "vcpu", "2", from("2091-01-01T00:00:00Z"))));
    JsonNode changed = checked("ImportPrices", answer);

    assertThat(words(changed.path("gone"))).containsExactly("who-* vcpu 1 %s-".formatted(LATER));
    assertThat(words(changed.path("added")))
        .containsExactly(
            "who-* vcpu 1 %s-2091-01-01T00:00:00Z".formatted(LATER),
            "who-* vcpu 2 2091-01-01T00:00:00Z-");
    JsonNode entry =
        checked("ListPriceChanges", operator.get("/v1/price-changes?limit=1"))
            .path("priceChanges")
            .path(0);
    assertThat(entry.path("priceChangeId")).isEqualTo(changed.path("priceChangeId"));
    assertThat(entry.path("accountId").asString()).isEqualTo(server.operator().account().value());
    assertThat(entry.path("accessKeyId").asString()).isEqualTo(server.operator().id());
    assertThat(entry.path("changeRequestId").asString())
        .isEqualTo(answer.header("x-acs-request-id"));
    assertThat(entry.path("gone")).isEqualTo(changed.path("gone"));
    assertThat(entry.path("added")).isEqualTo(changed.path("added"));
    Waiting.until(
        "the server knows it",
        () ->
            server
                .bean(Prices.class)
                .book()
                .find(new RegionId("who-1"), Item.VCPU, Instant.parse("2092-01-01T00:00:00Z"))
                .filter(price -> price.perSecond().compareTo(BigDecimal.TWO) == 0)
                .isPresent());
  }

  @Test
  void everyChangeSinceTheFirstStartIsListedPageByPage() {
    put(
        file(
            price("page-*", "vcpu", "1", from(LATER)),
            price("page-*", "memory", "1", from(LATER))));
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          operator
              .get("/v1/price-changes?limit=1" + (token.isEmpty() ? "" : "&nextToken=" + token))
              .ok()
              .json();
      page.path("priceChanges").forEach(change -> ids.add(change.path("priceChangeId").asString()));
      token = page.path("nextToken").asString();
    } while (!token.isEmpty());
    assertThat(ids).hasSize(changes());
    JsonNode first = operator.get("/v1/price-changes?limit=100").json().path("priceChanges");
    assertThat(words(first.path(first.size() - 1).path("added")))
        .as("what the server ships")
        .contains("cn-* vcpu 0.000049 2018-08-08T00:00:00Z-");
    assertThat(first.path(first.size() - 1).has("accountId")).isFalse();
    for (String edit : List.of("update price_change set gone = '[]'", "delete from price_change")) {
      assertThatThrownBy(() -> server.jdbc().update(edit))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("never edited");
    }
  }

  @Test
  void aPriceWithoutATimeCountsAsSoonAsEveryServerKnowsIt() {
    Instant before = Instant.now();
    JsonNode added =
        put(file(price("soon-*", "vcpu", "1", ""), price("soon-*", "memory", "1", "")))
            .path("added");
    Instant from = Instant.parse(added.path(0).path("validFrom").asString());
    assertThat(from)
        .isBetween(before.plusSeconds(9), Instant.now().plusSeconds(10))
        .isEqualTo(from.truncatedTo(ChronoUnit.SECONDS));
    assertThat(Prices.TRUSTED.toSeconds()).isLessThan(9);
  }

  @Test
  void aPriceEndsWhereTheFileSaysSo() {
    put(file(price("end-*", "vcpu", "1", from(LATER)), price("end-*", "memory", "1", from(LATER))));
    String end = from(LATER) + ", \"validTo\": \"2091-01-01T00:00:00Z\"";
    JsonNode changed =
        put(file(price("end-*", "vcpu", "1", end), price("end-*", "memory", "1", end)));
    assertThat(words(changed.path("added")))
        .containsExactly(
            "end-* vcpu 1 %s-2091-01-01T00:00:00Z".formatted(LATER),
            "end-* memory 1 %s-2091-01-01T00:00:00Z".formatted(LATER));
    assertThat(
            words(
                operator
                    .get(PRICES + "?regionId=end-1&item=vcpu&at=2092-01-01T00:00:00Z")
                    .json()
                    .path("prices")))
        .noneMatch(words -> words.startsWith("end-*"));
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceAtItsPlace() {
    RestClient.Answer form =
        operator.put(
            PRICES,
            """
            {"format": "podyard-price-book/2", "prices": [
              {"region": "c*n", "item": "disk", "currency": "YUAN", "perSecond": 1e-5,
               "validFrom": "soon", "perHour": 1},
              null,
              {"region": "x-*", "item": "vcpu", "currency": "EUR",
               "validFrom": "2090-01-01T00:00:00Z", "validTo": "2090-01-01T00:00:00Z"}]}
            """);
    assertThat(form.status()).isEqualTo(400);
    assertThat(form.wrongFields())
        .containsExactlyInAnyOrder(
            "format",
            "prices[0].region",
            "prices[0].item",
            "prices[0].currency",
            "prices[0].perSecond",
            "prices[0].validFrom",
            "prices[0].perHour",
            "prices[2].perSecond");

    int before = changes();
    RestClient.Answer late =
        operator.put(
            PRICES,
            file(
                price(
                    "late-*",
                    "vcpu",
                    "1",
                    from(
                        Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString())),
                price("late-*", "memory", "1", from("2018-08-08T00:00:00Z")),
                price("cn-*", "vcpu", "1", from(LATER))));
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.json().path("detail").asString())
        .contains("vcpu of late-*", "memory of late-*", "begins before", "stays as it was");
    assertThat(
            operator
                .put(PRICES, file(price("cn-*", "vcpu", "1", from(LATER))))
                .json()
                .path("detail")
                .asString())
        .contains("CNY and EUR");
    assertThat(changes()).isEqualTo(before);
    assertThat(operator.get(PRICES).body()).doesNotContain("late-*");
  }

  @Test
  void importsAtOnceComeOneAfterTheOther() throws Exception {
    put(
        file(
            price("race-*", "vcpu", "1", from(LATER)),
            price("race-*", "memory", "1", from(LATER))));
    int before = changes();
    try (ExecutorService clients = Executors.newFixedThreadPool(6)) {
      List<Callable<Integer>> imports = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String perSecond = String.valueOf(2 + i);
        imports.add(
            () ->
                operator
                    .put(PRICES, file(price("race-*", "vcpu", perSecond, from(LATER))))
                    .status());
      }
      for (Future<Integer> done : clients.invokeAll(imports)) {
        assertThat(done.get()).isEqualTo(200);
      }
    }
    assertThat(changes()).isEqualTo(before + 6);
    assertThat(
            words(
                operator
                    .get(PRICES + "?regionId=race-1&item=vcpu&at=" + LATER)
                    .json()
                    .path("prices")))
        .filteredOn(words -> words.startsWith("race-*"))
        .hasSize(1);
  }

  @Test
  void theCommandsOfThePageDoWhatItSays(@TempDir Path folder) throws Exception {
    String script =
        Pattern.compile("^```sh\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(Collectors.joining("\n"))
            .replace(ClientGuide.ENDPOINT, server.endpoint().toString());
    Path log = folder.resolve("log");
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    bash.environment().put("KEY", server.operator().id() + ":" + server.operator().secret());
    bash.environment().put("ACCOUNT", server.newAccount().account().value());
    Process run = bash.start();
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(log, StandardCharsets.UTF_8)).isZero();

    assertThat(
            operator
                .get(PRICES + "?regionId=cn-hangzhou&item=vcpu&at=2080-06-01T00:00:00Z")
                .ok()
                .body())
        .contains("\"currency\":\"USD\",\"perSecond\":\"0.0000077\"");
    assertThat(
            operator
                .get(PRICES + "?regionId=cn-hangzhou&item=economy-vcpu&at=2080-06-01T00:00:00Z")
                .ok()
                .json()
                .path("prices"))
        .isEmpty();
    assertThat(operator.get("/v1/price-changes?limit=1").ok().body()).contains("0.0000077");
  }
}
