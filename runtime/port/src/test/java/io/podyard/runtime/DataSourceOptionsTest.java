package io.podyard.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.DataSource.NfsVersion;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSourceOptionsTest {

  private static final DataSource.AccessKey KEY =
      new DataSource.AccessKey("id", new Secret("secret"));

  private static DataSource understood(String type, Map<String, String> options) {
    DataSourceReading reading = DataSourceOptions.read(type, options);
    assertThat(reading).isInstanceOf(DataSourceReading.Understood.class);
    return ((DataSourceReading.Understood) reading).source();
  }

  private static String refused(String type, Map<String, String> options) {
    DataSourceReading reading = DataSourceOptions.read(type, options);
    assertThat(reading).isInstanceOf(DataSourceReading.Refused.class);
    return String.join("; ", ((DataSourceReading.Refused) reading).reasons());
  }

  @Test
  void theSourcesOfEciAreUnderstood() {
    assertThat(understood("URL", Map.of("url", "https://example.com/a?b")))
        .isEqualTo(new DataSource.Web(URI.create("https://example.com/a?b")));
    assertThat(understood("URL", Map.of("repoSource", "HuggingFace/Model", "repoId", "a/b-1.0")))
        .isEqualTo(new DataSource.Hub("a/b-1.0", false, "main"));
    assertThat(understood("SNAPSHOT", Map.of("snapshotId", "edc-abc")))
        .isEqualTo(new DataSource.Copy("edc-abc"));
    assertThat(understood("NAS", Map.of("server", "nas.example.com")))
        .isEqualTo(new DataSource.Nfs("nas.example.com", "/", NfsVersion.V4, 0, 0));
    assertThat(
            understood(
                "NAS",
                Map.of(
                    "server",
                    "10.0.0.1",
                    "path",
                    "/a",
                    "vers",
                    "3",
                    "options",
                    "nolock,tcp,noresvport,port=2050,mountport=30000")))
        .isEqualTo(new DataSource.Nfs("10.0.0.1", "/a", NfsVersion.V3, 2050, 30000));
    assertThat(
            understood(
                "OSS",
                Map.of(
                    "bucket",
                    "models",
                    "url",
                    "oss-cn-beijing-internal.aliyuncs.com",
                    "path",
                    "/v1/",
                    "akId",
                    "id",
                    "akSecret",
                    "secret",
                    "otherOpts",
                    "-o allow_other")))
        .isEqualTo(
            new DataSource.Bucket(
                URI.create("https://oss-cn-beijing-internal.aliyuncs.com"),
                "models",
                "v1",
                KEY,
                "oss-cn-beijing",
                false));
  }

  @ParameterizedTest
  @CsvSource({
    "http://minio:9000,us-east-1,true",
    "s3.eu-central-1.amazonaws.com,eu-central-1,false",
    "oss-cn-hangzhou.aliyuncs.com,oss-cn-hangzhou,false",
    "https://storage.example.com,us-east-1,true",
  })
  void whereABucketIsNamedFollowsFromTheService(String url, String region, boolean pathStyle) {
    DataSource.Bucket bucket =
        (DataSource.Bucket) understood("OSS", Map.of("bucket", "abc", "url", url));
    assertThat(bucket.region()).isEqualTo(region);
    assertThat(bucket.pathStyle()).isEqualTo(pathStyle);
    assertThat(bucket.key()).isNull();
  }

  @Test
  void bothCanBeSaid() {
    DataSource.Bucket bucket =
        (DataSource.Bucket)
            understood(
                "OSS",
                Map.of("bucket", "abc", "url", "http://h", "region", "here", "pathStyle", "false"));
    assertThat(bucket.region()).isEqualTo("here");
    assertThat(bucket.pathStyle()).isFalse();
  }

  @Test
  void allThatIsWrongIsSaidAtOnceAndByName() {
    assertThat(refused("OSS", Map.of("bucket", "A", "akId", "id", "ramRole", "x")))
        .contains("option url is missing")
        .contains("option bucket is A")
        .contains("akId and akSecret belong together")
        .contains(
            "option ramRole is not known for data of type OSS, which takes akId, akSecret,"
                + " bucket,");
    assertThat(refused("NAS", Map.of("server", "a b", "path", "/a/../b", "vers", "4.2")))
        .contains("option server", "option path", "option vers is 4.2, it must be 3 or 4.0");
    assertThat(refused("DISK", Map.of())).contains("DataSource.Type is DISK, it must be one of");
    assertThat(refused("URL", Map.of("repoSource", "Other", "repoId", "a/../b", "revision", "a?b")))
        .contains(
            "option repoSource is Other", "option repoId is a/../b", "option revision is a?b");
    assertThat(refused("SNAPSHOT", Map.of("snapshotId", "s-1"))).contains("option snapshotId");
  }

  @ParameterizedTest
  @CsvSource({
    "proto=udp",
    "sec=krb5",
    "port=0",
    "port=70000",
    "mountport=x",
    "xprtsec=tls",
    "exec=/bin/sh"
  })
  void mountOptionsThatChangeWhatIsReadAreRefused(String option) {
    assertThat(refused("NAS", Map.of("server", "a", "options", "nolock," + option)))
        .contains("option options asks for " + option);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://a/b",
    "file:///etc/passwd",
    "http:///x",
    "'http://a b'",
    "https://user:pw@a/b",
    "a"
  })
  void addressesThatAreNoneAreRefusedAndTellNoPassword(String url) {
    Map<String, String> options = new HashMap<>(Map.of("url", url));
    assertThat(refused("URL", options)).contains("option url").doesNotContain("pw");
  }
}
