package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the REST door says of one data cache. */
class DataCacheRoutesTest {

  private static final String CACHES = "/v1/data-caches";

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.newAccount());
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());

  @Test
  void aDataCacheIsReadByItself() {
    String id =
        client
            .post(
                CACHES,
                """
                {"path": "/one", "name": "one",
                 "dataSource": {"type": "URL", "options": {"url": "http://files.test/1MiB"}}}
                """)
            .ok()
            .json()
            .path("dataCacheId")
            .asString();
    String path = CACHES + "/" + id;
    Waiting.until(
        "the cache",
        () -> client.get(path).ok().json().path("status").asString().equals("Available"));
    RestClient.Answer answer = client.get(path).ok();
    assertThat(shapes.differences("DescribeDataCache", answer)).as(answer.body()).isEmpty();
    assertThat(answer.json().path("dataCacheId").asString()).isEqualTo(id);
    assertThat(answer.json().path("path").asString()).isEqualTo("/one");
    assertThat(answer.json().path("events")).isNotEmpty();
    for (String bytes : List.of("bytes", "totalBytes", "readBytes")) {
      assertThat(answer.json().path(bytes).asLong()).as(bytes).isEqualTo(1 << 20);
    }

    client.delete(path).ok();
    assertThat(client.get(path).status()).isEqualTo(404);
  }
}
