package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HubSourceTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final DataSource.Hub MODEL = new DataSource.Hub("owner/name", false, "main");

  @TempDir private Path folder;

  /** What the hub says to whom, by path and query. */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private void serve(ScriptedServer.Request request, OutputStream out) throws IOException {
    String answer = answers.get(request.path());
    if (answer == null) {
      ScriptedServer.head(out, "404 Not Found");
    } else if (answer.startsWith("Location: ")) {
      ScriptedServer.head(out, "302 Found", answer);
    } else if (answer.startsWith("Link: ")) {
      int end = answer.indexOf('\n');
      ScriptedServer.head(out, "200 OK", answer.substring(0, end));
      ScriptedServer.text(out, answer.substring(end + 1));
    } else {
      ScriptedServer.head(out, "200 OK", "Content-Length: " + answer.length());
      ScriptedServer.text(out, answer);
    }
  }

  private static String file(String path, long size) {
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d}".formatted(path, size);
  }

  private void repository() {
    answers.put("/api/models/owner/name/revision/main", "{\"sha\":\"" + COMMIT + "\"}");
    String tree = "/api/models/owner/name/tree/" + COMMIT + "?recursive=true";
    answers.put(
        tree,
        "Link: <%s&cursor=2>; rel=\"next\"\n[%s,{\"type\":\"directory\",\"path\":\"d\",\"size\":0}]"
            .formatted(tree, file("d/a b.txt", 5)));
    answers.put(tree + "&cursor=2", "[%s,%s]".formatted(file("weights", 7), file("empty", 0)));
    answers.put("/owner/name/resolve/" + COMMIT + "/d/a%20b.txt", "hello");
    answers.put("/owner/name/resolve/" + COMMIT + "/weights", "Location: /elsewhere/weights");
    answers.put("/elsewhere/weights", "0123456");
  }

  private DataGround ground(ScriptedServer hub) {
    return new DataGround(folder, DataGround.settings(Duration.ofSeconds(30), true, hub.at("")));
  }

  @Test
  void aRepositoryIsKeptAsItsRevisionIsNow() throws Exception {
    repository();
    try (ScriptedServer hub = new ScriptedServer(this::serve);
        DataGround ground = ground(hub)) {
      assertThat(ground.content(ground.fetch(MODEL)))
          .isEqualTo(Map.of("d/", "/", "d/a b.txt", "hello", "weights", "0123456", "empty", ""));
    }
  }

  private DataNotFetchedException failed(long mostBytes) throws Exception {
    try (ScriptedServer hub = new ScriptedServer(this::serve);
        DataGround ground = ground(hub)) {
      return ground.failed(MODEL, mostBytes);
    }
  }

  @Test
  void whatCannotBeKeptFails() throws Exception {
    assertThat(failed(100))
        .hasMessageContaining("repository owner/name of 127.0.0.1 cannot be read: the server")
        .hasMessageContaining("404 not found");
    repository();
    assertThat(failed(11)).hasMessage("the data has 12 bytes, the cache holds 11 (0 GiB)");
    String tree = "/api/models/owner/name/tree/" + COMMIT + "?recursive=true";
    answers.put(tree, "[" + file("../x", 1) + "]");
    assertThat(failed(100).reason()).isEqualTo(Reason.UNFIT);
    answers.put(tree, "[{\"type\":\"file\",\"path\":\"x\"}]");
    assertThat(failed(100).reason()).isEqualTo(Reason.UNFIT);
    answers.put(tree, "Link: <%s>; rel=\"next\"\n[%s]".formatted(tree, file("x", 1)));
    assertThat(failed(100)).hasMessageContaining("more files than a cache can hold");
    answers.put(tree, "<html>");
    assertThat(failed(100).reason()).isEqualTo(Reason.UNAVAILABLE);
    answers.put(tree, "[" + file("weights", 9) + "]");
    assertThat(failed(100)).hasMessageContaining("file 'weights' changed while it was read");
  }
}
