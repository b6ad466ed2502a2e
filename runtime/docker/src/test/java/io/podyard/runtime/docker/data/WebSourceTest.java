package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.data.DataFetcher.Fetched;
import io.podyard.runtime.docker.data.ScriptedServer.Request;
import io.podyard.runtime.docker.data.ScriptedServer.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebSourceTest {

  private static final String TEXT = "0123456789".repeat(20_000);

  @TempDir private Path folder;

  private static DataSource.Web source(ScriptedServer server) {
    return new DataSource.Web(server.at("/files/model.bin?token=topsecret"));
  }

  private static void whole(OutputStream out) throws IOException {
    ScriptedServer.head(out, "200 OK", "Content-Length: " + TEXT.length(), "ETag: \"one\"");
    ScriptedServer.text(out, TEXT);
  }

  /** Sends the part that is asked for. */
  private static void rest(Request request, OutputStream out) throws IOException {
    int from = Integer.parseInt(request.header("Range").replaceAll("bytes=(\\d+)-", "$1"));
    ScriptedServer.head(
        out,
        "206 Partial Content",
        "Content-Length: " + (TEXT.length() - from),
        "ETag: \"one\"",
        "Content-Range: bytes %d-%d/%d".formatted(from, TEXT.length() - 1, TEXT.length()));
    ScriptedServer.text(out, TEXT.substring(from));
  }

  private Map<String, String> fetched(Script script) throws Exception {
    try (ScriptedServer server = new ScriptedServer(script);
        DataGround ground = new DataGround(folder)) {
      return ground.content(ground.fetch(source(server)));
    }
  }

  private DataNotFetchedException failed(Script script) throws Exception {
    try (ScriptedServer server = new ScriptedServer(script);
        DataGround ground = new DataGround(folder)) {
      return ground.failed(source(server));
    }
  }

  @Test
  void aFileIsKeptUnderItsNameAndEqualFilesAreOneBlob() throws Exception {
    try (ScriptedServer server = new ScriptedServer((_, out) -> whole(out));
        DataGround ground = new DataGround(folder)) {
      Fetched first = ground.fetch(source(server));
      Fetched second = ground.fetch(source(server));
      assertThat(ground.content(first)).isEqualTo(Map.of("model.bin", TEXT));
      assertThat(first.bytes()).isEqualTo(TEXT.length());
      assertThat(second).isEqualTo(first);
      assertThat(ground.told.getLast()).isEqualTo("200000/200000");
    }
  }

  @ParameterizedTest
  @CsvSource({"/,data", "/a/b/,data", "/a/x%20y,x y", "'',data"})
  void theNameIsTheLastOfThePath(String path, String name) throws Exception {
    try (ScriptedServer server = new ScriptedServer((_, out) -> whole(out));
        DataGround ground = new DataGround(folder)) {
      assertThat(ground.content(ground.fetch(new DataSource.Web(server.at(path)))))
          .containsOnlyKeys(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/..%2f..%2fetc", "/%2e%2e", "/a%00b", "/."})
  void aNameThatLeadsElsewhereIsRefused(String path) throws Exception {
    try (ScriptedServer server = new ScriptedServer((_, out) -> whole(out));
        DataGround ground = new DataGround(folder)) {
      DataNotFetchedException failure = ground.failed(new DataSource.Web(server.at(path)));
      assertThat(failure.reason()).isEqualTo(Reason.UNFIT);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void aServerThatIsBusyIsAskedAgainWhenItWishes() throws Exception {
    Script script =
        (request, out) -> {
          switch (request.number()) {
            case 0 -> ScriptedServer.head(out, "429 Too Many", "Retry-After: 7");
            case 1 ->
                ScriptedServer.head(
                    out,
                    "503 Busy",
                    "Date: Sun, 22 Nov 2026 10:00:00 GMT",
                    "Retry-After: Sun, 22 Nov 2026 10:00:09 GMT");
            default -> whole(out);
          }
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DataGround ground = new DataGround(folder)) {
      ground.fetch(source(server));
      assertThat(ground.waits).hasSize(2);
      assertThat(ground.waits.get(0)).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_050));
      assertThat(ground.waits.get(1)).isBetween(Duration.ofSeconds(9), Duration.ofMillis(9_100));
    }
  }

  @Test
  void waitsGrowAndAreNotAllTheSameAndEnd() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((_, out) -> ScriptedServer.head(out, "500 Broken"));
        DataGround ground = new DataGround(folder)) {
      DataNotFetchedException failure = ground.failed(source(server));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining("/files/model.bin cannot be read: the server answered 500")
          .hasMessageNotContaining("topsecret");
      assertThat(ground.waits).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(ground.waits.get(i))
            .isBetween(Duration.ofMillis(50L << i), Duration.ofMillis(100L << i));
      }
    }
  }

  @Test
  void whoAsksForALongerWaitThanAnyIsToldOf() throws Exception {
    DataNotFetchedException failure =
        failed((_, out) -> ScriptedServer.head(out, "429 Too Many", "Retry-After: 3600"));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryAfterSeconds()).isEqualTo(3600);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatBreaksOffOrStallsGoesOnWhereItWas(boolean stalls) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Script script =
        (request, out) -> {
          if (request.number() > 0) {
            rest(request, out);
            return;
          }
          ScriptedServer.head(out, "200 OK", "Content-Length: 200000", "ETag: \"one\"");
          ScriptedServer.text(out, TEXT.substring(0, 150_000));
          if (stalls) {
            end.await();
          }
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DataGround ground = new DataGround(folder)) {
      assertThat(ground.content(ground.fetch(source(server)))).containsEntry("model.bin", TEXT);
      assertThat(server.requests).hasSize(2);
      Request second = server.requests.get(1);
      assertThat(second.header("If-Range")).isEqualTo("\"one\"");
      assertThat(second.header("Range")).matches("bytes=[1-9]\\d*-");
    } finally {
      end.countDown();
    }
  }

  @Test
  void whatBecameAnotherFileMeanwhileIsReadFromItsBeginning() throws Exception {
    assertThat(
            fetched(
                (request, out) -> {
                  if (request.number() == 0) {
                    ScriptedServer.head(out, "200 OK", "Content-Length: 200000", "ETag: \"zero\"");
                    ScriptedServer.text(out, "x".repeat(150_000));
                  } else {
                    whole(out);
                  }
                }))
        .isEqualTo(Map.of("model.bin", TEXT));
  }

  @Test
  void anotherPartThanAskedForIsNotTaken() throws Exception {
    assertThat(
            fetched(
                (request, out) -> {
                  switch (request.number()) {
                    case 0 -> {
                      ScriptedServer.head(out, "200 OK", "Content-Length: 200000", "ETag: \"one\"");
                      ScriptedServer.text(out, TEXT.substring(0, 100_000));
                    }
                    case 1 -> {
                      ScriptedServer.head(
                          out, "206 Partial Content", "Content-Range: bytes 5-199999/200000");
                      ScriptedServer.text(out, TEXT.substring(5));
                    }
                    default -> whole(out);
                  }
                }))
        .isEqualTo(Map.of("model.bin", TEXT));
  }

  @Test
  void withoutANameForItsStateAFileIsReadFromItsBeginning() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, out) -> {
                  if (request.number() == 0) {
                    ScriptedServer.head(out, "200 OK", "Content-Length: 200000");
                    ScriptedServer.text(out, TEXT.substring(0, 100_000));
                  } else {
                    whole(out);
                  }
                });
        DataGround ground = new DataGround(folder)) {
      assertThat(ground.content(ground.fetch(source(server)))).containsEntry("model.bin", TEXT);
      assertThat(server.requests.get(1).header("Range")).isEmpty();
    }
  }

  @Test
  void whatNeverComesWholeFails() throws Exception {
    DataNotFetchedException failure =
        failed(
            (request, out) -> {
              if (request.header("Range").isEmpty()) {
                ScriptedServer.head(out, "200 OK", "Content-Length: 200000", "ETag: \"one\"");
                ScriptedServer.text(out, TEXT.substring(0, 1000));
              } else {
                ScriptedServer.head(
                    out, "206 Partial Content", "Content-Range: bytes 1000-199999/200000");
              }
            });
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void whatIsTooLargeFailsBeforeItIsReadWithFigures() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (_, out) -> ScriptedServer.head(out, "200 OK", "Content-Length: 33000000000"));
        DataGround ground = new DataGround(folder)) {
      DataNotFetchedException failure = ground.failed(source(server), 20L << 30);
      assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
      assertThat(failure)
          .hasMessage("the data has 33000000000 bytes, the cache holds 21474836480 (20 GiB)");
    }
  }

  @Test
  void whatTellsNoSizeIsReadUntilItIsTooLarge() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (_, out) -> {
                  ScriptedServer.head(out, "200 OK");
                  while (true) {
                    ScriptedServer.text(out, TEXT);
                  }
                });
        DataGround ground = new DataGround(folder)) {
      assertThat(ground.failed(source(server), 1 << 20).reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void whatTellsNoSizeIsKept() throws Exception {
    assertThat(
            fetched(
                (_, out) -> {
                  ScriptedServer.head(out, "200 OK");
                  ScriptedServer.text(out, TEXT);
                }))
        .isEqualTo(Map.of("model.bin", TEXT));
  }

  @ParameterizedTest
  @CsvSource({"404 Not Found,404 not found", "403 No,403 forbidden", "400 Bad,400"})
  void aServersRefusalIsTold(String status, String word) throws Exception {
    DataNotFetchedException failure = failed((_, out) -> ScriptedServer.head(out, status));
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining(word).hasMessageNotContaining("topsecret");
  }

  @Test
  void redirectsAreFollowed() throws Exception {
    assertThat(
            fetched(
                (request, out) -> {
                  if (request.number() < 5) {
                    ScriptedServer.head(out, "302 Found", "Location: /other/name");
                  } else {
                    whole(out);
                  }
                }))
        .isEqualTo(Map.of("model.bin", TEXT));
  }

  @Test
  void redirectsWithoutAnEndAreNotFollowed() throws Exception {
    assertThat(failed((_, out) -> ScriptedServer.head(out, "302 Found", "Location: /again")))
        .hasMessageContaining("redirects more than 5 times");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/latest/meta-data/",
        "http://[fe80::1]/",
        "file:///etc/passwd",
      })
  void noRedirectLeadsToSecrets(String location) throws Exception {
    DataNotFetchedException failure =
        failed((_, out) -> ScriptedServer.head(out, "302 Found", "Location: " + location));
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure.getMessage())
        .containsAnyOf("from which nothing is fetched", "redirects to no web address");
  }

  @Test
  void thisMachineIsAskedOnlyWhereThatIsAllowed() throws Exception {
    DataSettings elsewhere = DataGround.limits(Duration.ofSeconds(30), false);
    try (ScriptedServer server = new ScriptedServer((_, out) -> whole(out));
        DataGround ground = new DataGround(folder, elsewhere)) {
      assertThat(ground.failed(source(server))).hasMessageContaining("nothing is fetched");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void aByteNowAndThenDoesNotOutlastTheTimeForAll() throws Exception {
    DataSettings brief = DataGround.limits(Duration.ofMillis(700), true);
    Script dripping =
        (_, out) -> {
          ScriptedServer.head(out, "200 OK", "Content-Length: 200000");
          CountDownLatch never = new CountDownLatch(1);
          while (!never.await(50, TimeUnit.MILLISECONDS)) {
            ScriptedServer.text(out, "x");
          }
        };
    try (ScriptedServer server = new ScriptedServer(dripping);
        DataGround ground = new DataGround(folder, brief)) {
      assertThat(ground.failed(source(server)).reason()).isEqualTo(Reason.OVERDUE);
    }
  }

  @Test
  void whoIsInterruptedLeavesNothingBehind() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Script script =
        (_, out) -> {
          ScriptedServer.head(out, "200 OK", "Content-Length: 200000");
          ScriptedServer.text(out, TEXT.substring(0, 1000));
          half.countDown();
          end.await();
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DataGround ground = new DataGround(folder);
        var thread = Executors.newSingleThreadExecutor()) {
      Future<Fetched> fetching = thread.submit(() -> ground.fetch(source(server)));
      half.await();
      thread.shutdownNow();
      assertThatThrownBy(fetching::get).hasCauseInstanceOf(InterruptedException.class);
      ground.assertNothingLeft();
    } finally {
      end.countDown();
    }
  }

  @Test
  void nobodyListensAndAnUnknownHost() throws Exception {
    URI nobody;
    try (ScriptedServer server = new ScriptedServer((_, out) -> whole(out))) {
      nobody = server.at("/x");
    }
    try (DataGround ground = new DataGround(folder)) {
      assertThat(ground.failed(new DataSource.Web(nobody)).reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(ground.failed(new DataSource.Web(URI.create("https://nowhere.invalid/x"))))
          .hasMessageContaining("the host nowhere.invalid of the server");
    }
  }
}
