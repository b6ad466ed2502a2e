package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.Secret;
import io.podyard.runtime.docker.data.DataFetcher.Fetched;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BucketSourceTest {

  private static final String LARGE = "abcdefghij".repeat(100_000);

  @TempDir private static Path shared;
  private static ObjectStorage storage;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    storage = new ObjectStorage(shared, true);
    storage.make("models");
    storage.put("models", "readme.txt", "hello");
    storage.put("models", "v1/", "");
    storage.put("models", "v1/weights", LARGE);
    storage.put("models", "v1/conf/a b+c%d&ä.txt", "odd name");
    storage.put("models", "v1/empty", "");
    storage.put("models", "v10/other", "not below v1");
  }

  @AfterAll
  static void stop() throws Exception {
    storage.close();
  }

  private Map<String, String> fetched(DataSource source) throws Exception {
    try (DataGround ground = new DataGround(folder)) {
      return ground.content(ground.fetch(source));
    }
  }

  private DataNotFetchedException failed(DataSource source) throws Exception {
    try (DataGround ground = new DataGround(folder)) {
      return ground.failed(source);
    }
  }

  @Test
  void whatIsBelowAPathIsKept() throws Exception {
    try (DataGround ground = new DataGround(folder)) {
      Fetched fetched = ground.fetch(storage.bucket("models", "v1"));
      assertThat(ground.content(fetched))
          .isEqualTo(
              Map.of(
                  "weights", LARGE, "conf/", "/", "conf/a b+c%d&ä.txt", "odd name", "empty", ""));
      assertThat(fetched.bytes()).isEqualTo(LARGE.length() + 8);
      assertThat(ground.fetch(storage.bucket("models", "v1"))).isEqualTo(fetched);
      assertThat(ground.told.getLast()).isEqualTo("1000008/1000008");
    }
  }

  @Test
  void allOfABucketOrOneObject() throws Exception {
    assertThat(fetched(storage.bucket("models", "")))
        .containsEntry("readme.txt", "hello")
        .containsEntry("v1/", "/")
        .containsEntry("v10/other", "not below v1");
    assertThat(fetched(storage.bucket("models", "v10/other")))
        .isEqualTo(Map.of("other", "not below v1"));
  }

  @Test
  void aBucketOfManyPagesIsKeptWhole() throws Exception {
    storage.make("many");
    for (int i = 0; i < 1005; i++) {
      storage.put("many", "o/%04d".formatted(i), "");
    }
    assertThat(fetched(storage.bucket("many", "o"))).hasSize(1005).containsKey("1004");
  }

  @Test
  void whatIsTooLargeFailsBeforeItIsRead() throws Exception {
    try (BreakingProxy proxy = new BreakingProxy(storage.port, 0, 0);
        DataGround ground = new DataGround(folder)) {
      DataNotFetchedException failure =
          ground.failed(
              ObjectStorage.bucket("models", "v1", proxy.port(), ObjectStorage.key()), 1000);
      assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
      assertThat(failure).hasMessage("the data has 1000008 bytes, the cache holds 1000 (0 GiB)");
      assertThat(proxy.passed.get()).isLessThan(10_000);
    }
  }

  @Test
  void anObjectThatBreaksOffGoesOnWhereItWas() throws Exception {
    try (BreakingProxy proxy = new BreakingProxy(storage.port, 2, 400_000);
        DataGround ground = new DataGround(folder)) {
      Fetched fetched =
          ground.fetch(ObjectStorage.bucket("models", "v1", proxy.port(), ObjectStorage.key()));
      assertThat(ground.content(fetched)).containsEntry("weights", LARGE);
      assertThat(proxy.left()).isZero();
      assertThat(proxy.passed.get()).isLessThan(1_300_000);
    }
  }

  @Test
  void aBucketForEverybodyNeedsNoKey() throws Exception {
    try (ObjectStorage open = new ObjectStorage(shared, false)) {
      open.make("open");
      open.put("open", "x", "1");
      assertThat(fetched(open.bucket("open", ""))).isEqualTo(Map.of("x", "1"));
    }
  }

  @Test
  void aBucketForSomeRefusesWhoHasNoKey() throws Exception {
    assertThat(failed(ObjectStorage.bucket("models", "", storage.port, null)))
        .hasMessageContaining("403 forbidden (AccessDenied");
  }

  @Test
  void aWrongKeyIsRefusedInTheServersWordsAndNotTold() throws Exception {
    DataNotFetchedException failure =
        failed(
            ObjectStorage.bucket(
                "models",
                "",
                storage.port,
                new DataSource.AccessKey("AKIDEXAMPLE", new Secret("another-secret"))));
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure)
        .hasMessageContaining("403 forbidden (SignatureDoesNotMatch")
        .hasMessageNotContaining("another-secret");
  }

  @Test
  void whatIsNotThereIsTold() throws Exception {
    assertThat(failed(storage.bucket("nothing", "")))
        .hasMessageContaining("404 not found (NoSuchBucket");
    assertThat(failed(storage.bucket("models", "v2")))
        .hasMessageContaining("bucket models at 127.0.0.1 has nothing named 'v2'");
    storage.make("empty");
    assertThat(failed(storage.bucket("empty", ""))).hasMessageContaining("is empty");
  }

  /** A server that lists what no proper one would. */
  private DataNotFetchedException listed(String contents) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (_, out) -> {
                  ScriptedServer.head(out, "200 OK");
                  ScriptedServer.text(out, "<ListBucketResult>" + contents + "</ListBucketResult>");
                });
        DataGround ground = new DataGround(folder)) {
      return ground.failed(
          ObjectStorage.bucket("hostile", "", server.at("/").getPort(), ObjectStorage.key()));
    }
  }

  private static String object(String key, long size) {
    return "<Contents><Key>%s</Key><Size>%d</Size></Contents>".formatted(key, size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "a/../../b", "a//b", "a/./b"})
  void keysThatLeadElsewhereAreRefused(String key) throws Exception {
    assertThat(listed(object(key, 0)).reason()).isEqualTo(Reason.UNFIT);
  }

  @Test
  void listsThatCannotBeAreRefused() throws Exception {
    assertThat(listed(object("a", 0) + object("a/b", 0))).hasMessageContaining("is there twice");
    assertThat(listed(object("a", 0) + object("a", 0))).hasMessageContaining("is there twice");
    assertThat(listed(object("a/", 5))).hasMessageContaining("is named as a folder");
    assertThat(listed(object("a", Long.MAX_VALUE) + object("b", Long.MAX_VALUE)).reason())
        .isEqualTo(Reason.TOO_LARGE);
    assertThat(listed(object("a", 0).repeat(6000)).reason()).isEqualTo(Reason.UNFIT);
    String endless =
        "<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>";
    assertThat(listed(object("a", 0) + endless)).hasMessageContaining("without an end");
    assertThat(listed("<IsTruncated>true</IsTruncated>").reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "",
        "<Other/>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM"
            + " 'file:///etc/passwd'>]><ListBucketResult>&e;</ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
      })
  void pagesThatAreNoListsAreRefused(String page) {
    assertThatThrownBy(
            () ->
                BucketListing.parse(
                    new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "https://oss-cn-hangzhou.aliyuncs.com,false,https://models.oss-cn-hangzhou.aliyuncs.com/a%20b/c?x=%2F",
    "http://minio:9000,true,http://minio:9000/models/a%20b/c?x=%2F",
  })
  void bucketsAreNamedInTheHostOrInThePath(String endpoint, boolean path, URI address) {
    DataSource.Bucket bucket =
        new DataSource.Bucket(URI.create(endpoint), "models", "", null, "r", path);
    assertThat(BucketRequests.address(bucket, "a b/c", Map.of("x", "/"))).isEqualTo(address);
  }
}
