package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataSource;
import io.podyard.runtime.Secret;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.SentBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An S3-compatible server (s3proxy) with its objects in memory. */
public final class ObjectStorage implements AutoCloseable {

  private static final Path PROGRAM = program();
  private static final DataSource.AccessKey KEY =
      new DataSource.AccessKey("AKIDEXAMPLE", new Secret("keep-this-secret"));

  public final int port;
  private final boolean signed;
  private final ServerProcess process;
  private final GuardedHttp http =
      new GuardedHttp(
          new GuardedHttp.Times(
              Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30)));

  /** Beside the classes of this test, whichever module runs it. */
  private static Path program() {
    try {
      Path classes =
          Path.of(ObjectStorage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolveSibling("object-storage/s3proxy-jar-with-dependencies.jar");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param signed whether it refuses requests that are not
   */
  public ObjectStorage(Path folder, boolean signed) throws IOException, InterruptedException {
    this.port = ServerProcess.freePort();
    this.signed = signed;
    Path settings = folder.resolve("s3proxy." + port + ".conf");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.authorization=%s
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=transient-nio2
        """
            .formatted(port, signed ? "aws-v4" : "none", KEY.id(), KEY.secret().reveal()));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    this.process =
        ServerProcess.start(
            List.of(
                java, "-Xmx256m", "-jar", PROGRAM.toString(), "--properties", settings.toString()),
            port,
            folder.resolve("s3proxy." + port + ".log"));
  }

  DataSource.Bucket bucket(String name, String path) {
    return bucket(name, path, port, signed ? KEY : null);
  }

  static DataSource.Bucket bucket(
      String name, String path, int port, DataSource.@Nullable AccessKey key) {
    return new DataSource.Bucket(
        URI.create("http://127.0.0.1:" + port), name, path, key, "us-east-1", true);
  }

  public static DataSource.AccessKey key() {
    return KEY;
  }

  public void make(String bucket) throws Exception {
    put(bucket, "", "");
  }

  public void put(String bucket, String key, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    try (Answer answer =
        new BucketRequests(http, bucket(bucket, ""), true)
            .send(
                "PUT",
                key,
                Map.of(),
                Map.of(),
                new SentBody(bytes.length, () -> new ByteArrayInputStream(bytes)))) {
      if (answer.status() != 200) {
        throw new IOException(
            "%d %s"
                .formatted(
                    answer.status(),
                    new String(answer.body().readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    http.close();
    process.close();
  }
}
