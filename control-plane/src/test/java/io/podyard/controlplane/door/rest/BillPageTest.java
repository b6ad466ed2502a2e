package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The example of {@code docs/bills.md} is what a server answers. */
class BillPageTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ANY_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final RestClient client =
      new RestClient(BilledServer.server().endpoint(), BilledServer.documented());

  private static String block(String language) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "bills.md"));
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void theBillIsAsThePageShowsIt() throws IOException {
    ObjectNode shown = (ObjectNode) JSON.readTree(block("json"));
    JsonNode answer = client.get("/v1/bills/2026-03?groupBy=tag:team").ok().json();
    // These are others each time.
    for (String field : List.of("requestId", "accountId", "closedAt")) {
      assertThat(shown.has(field)).as(field).isTrue();
      shown.set(field, answer.path(field));
    }
    assertThat(shown).isEqualTo(answer);
  }

  @Test
  void itsLinesAreAsThePageShowsThem() throws IOException {
    assertThat(masked(block("text")))
        .isEqualTo(masked(client.get("/v1/bills/2026-03/lines").ok().body()));
  }

  @Test
  void itsLinesAsJsonAreAsThePageShowsThem() throws IOException {
    assertThat(objects(block("ndjson")))
        .hasSize(3)
        .isEqualTo(objects(client.get("/v1/bills/2026-03/lines?format=json").ok().body()));
  }

  /** Without what is another each time. */
  private static List<ObjectNode> objects(String lines) {
    return lines
        .lines()
        .map(
            line -> {
              ObjectNode object = (ObjectNode) JSON.readTree(line);
              for (String field : List.of("lineId", "accountId", "settledAt")) {
                assertThat(object.has(field)).as(field).isTrue();
              }
              return object.remove(List.of("lineId", "accountId", "settledAt"));
            })
        .toList();
  }

  /** Without what is another each time. */
  private static List<String> masked(String csv) {
    return csv.lines()
        .map(
            line ->
                line.replaceFirst("^" + ANY_ID + ",[^,]*,", "id,account,")
                    .replaceFirst("CNY,[^,]*T[0-9:.]*Z,", "CNY,time,")
                    .replaceFirst("CNY,[^,]*T[0-9:.]*Z$", "CNY,time"))
        .toList();
  }
}
