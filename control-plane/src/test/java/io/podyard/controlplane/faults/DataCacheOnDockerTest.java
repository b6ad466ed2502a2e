package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.datacache.CopyDataCacheResponse;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.docker.data.NfsServer;
import io.podyard.runtime.docker.data.ObjectStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data caches on a real engine: read from each kind of source, mounted, let go. */
class DataCacheOnDockerTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PODYARD_RUNTIME",
          "docker",
          "PODYARD_CPU_OVERCOMMIT",
          "3",
          "PODYARD_DATACACHES_THISMACHINE",
          "true");

  @TempDir private Path folder;

  private static DataCacheResponse get(PodyardClient client, String id) {
    return client
        .call(
            Action.DESCRIBE_DATA_CACHES,
            Map.of("DataCacheId.1", id),
            DescribeDataCachesResponse.class)
        .dataCaches()
        .getFirst();
  }

  private static String create(PodyardClient client, String path, String url) {
    return create(client, path, "URL", Map.of("url", url));
  }

  private static String create(
      PodyardClient client, String path, String type, Map<String, String> options) {
    Map<String, String> wish = new HashMap<>(Map.of("Path", path, "DataSource.Type", type));
    options.forEach(
        (name, value) -> wish.put("DataSource.Options.#" + name.length() + "#" + name, value));
    return Objects.requireNonNull(
        client.call(Action.CREATE_DATA_CACHE, wish, CreateDataCacheResponse.class).dataCacheId());
  }

  private static ContainerGroupResponse group(PodyardClient client, String id) {
    return client
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + id + "\"]", "WithEvent", "true"),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .getFirst();
  }

  private static HttpServer source(AtomicInteger asked) throws IOException {
    HttpServer source =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    source.createContext(
        "/words.txt",
        exchange -> {
          asked.incrementAndGet();
          byte[] words = "read by a host".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, words.length);
          exchange.getResponseBody().write(words);
          exchange.close();
        });
    source.start();
    return source;
  }

  @Test
  void aGroupReadsWhatItsHostHoldsAndNothingIsLeft() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer source = source(asked);
    String address = "http://127.0.0.1:" + source.getAddress().getPort();
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("datacaches", SETTINGS).start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        server.kill9();
        server.start(Map.of("PODYARD_CRASH_AT", "heldData:before:1"));
        String cache = create(server.client(), "/words", address + "/words.txt");
        assertThat(server.diedWithin(Duration.ofMinutes(1))).isTrue();
        int before = asked.get();
        server.start();
        PodyardClient client = server.client();
        Waiting.until("it is available", () -> "Available".equals(get(client, cache).status()));
        assertThat(asked.get())
            .as("what the host held already is not read again")
            .isEqualTo(before);

        String reading =
            mounting(client, engine, "/words", "true", "/sandbox", "cat", "/data/words.txt");
        Waiting.until("it was read", () -> "read by a host".equals(log(client, reading).strip()));

        String broken = create(client, "/broken", address + "/none.txt");
        Waiting.until("it cannot be had", () -> "Failed".equals(get(client, broken).status()));
        assertThat(get(client, broken).events())
            .anyMatch(event -> "SourceRefused".equals(event.reason()));

        endsWithNothingLeft(server, inspection, engine, cache, broken);
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    } finally {
      source.stop(0);
    }
  }

  @Test
  void whatABucketHasIsReadCopiedAndWrittenOver() throws Exception {
    try (ObjectStorage storage = new ObjectStorage(folder, true)) {
      storage.make("models");
      storage.put("models", "words.txt", "read by a host");
      readCopiedAndWrittenOver(
          "OSS",
          Map.of(
              "bucket",
              "models",
              "url",
              "http://127.0.0.1:" + storage.port,
              "akId",
              ObjectStorage.key().id(),
              "akSecret",
              ObjectStorage.key().secret().reveal(),
              "pathStyle",
              "true"));
    }
  }

  @Test
  void whatAnExportHasIsReadCopiedAndWrittenOver() throws Exception {
    NfsServer.need();
    Path export = Files.createDirectories(folder.resolve("export"));
    Files.setPosixFilePermissions(
        Files.writeString(export.resolve("words.txt"), "read by a host"),
        PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(export, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (NfsServer server = new NfsServer(folder, export)) {
      readCopiedAndWrittenOver(
          "NAS", Map.of("server", "127.0.0.1", "path", "/data", "options", "port=" + server.port));
    }
  }

  private void readCopiedAndWrittenOver(String type, Map<String, String> options) throws Exception {
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("datacaches", SETTINGS).start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        PodyardClient client = server.client();
        String cache = create(client, "/words", type, options);
        awaitAvailable(client, cache);
        String copy =
            Objects.requireNonNull(
                client
                    .call(
                        Action.COPY_DATA_CACHE,
                        Map.of(
                            "DataCacheId", cache,
                            "DestinationRegionId", "cn-hangzhou",
                            "Path", "/copied"),
                        CopyDataCacheResponse.class)
                    .dataCacheId());
        awaitAvailable(client, copy);

        String writing =
            mounting(
                client,
                engine,
                "/copied",
                "false",
                "/sandbox",
                "append",
                "/data/words.txt",
                ", and written over",
                "then",
                "cat",
                "/data/words.txt");
        Waiting.until(
            "it was written over", () -> log(client, writing).strip().contains("and written over"));
        assertThat(log(client, writing)).startsWith("read by a host");
        for (String path : List.of("/copied", "/words")) {
          String reading =
              mounting(client, engine, path, "true", "/sandbox", "cat", "/data/words.txt");
          Waiting.until(
              "it is as it was", () -> log(client, reading).strip().equals("read by a host"));
        }

        endsWithNothingLeft(server, inspection, engine, cache, copy);
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }

  private static void endsWithNothingLeft(
      ServerProcess server, Inspection inspection, RealEngine engine, String... caches)
      throws Exception {
    PodyardClient client = server.client();
    for (String one : caches) {
      Object _ =
          client.call(
              Action.DELETE_DATA_CACHE,
              Map.of("DataCacheId", one),
              Action.DELETE_DATA_CACHE.responseType());
    }
    inspection.deleteAll(client);
    Waiting.until(
        "nothing is to be let go",
        Duration.ofMinutes(2),
        () ->
            Objects.equals(
                inspection.jdbc().queryForObject("select count(*) from data_cache", Integer.class),
                0));
    inspection.awaitSettled();
    assertThat(server.judge()).contains("on 1 hosts, 0 violations");
    engine.mustBeEmptyOf(inspection.installation());
    assertThat(server.errors()).isEmpty();
  }

  private static void awaitAvailable(PodyardClient client, String id) {
    Waiting.until(
        id + " is available",
        Duration.ofMinutes(1),
        () -> "Available".equals(get(client, id).status()));
  }

  private static String mounting(
      PodyardClient client, RealEngine engine, String path, String readOnly, String... command) {
    Map<String, String> wish =
        new HashMap<>(
            Map.of(
                "ContainerGroupName", "mounting",
                "RestartPolicy", "Never",
                "Cpu", "0.25",
                "Memory", "0.5",
                "Container.1.Name", "main",
                "Container.1.Image", engine.registry() + "/kill/app-0:1",
                "DataCacheBucket", "default"));
    wish.putAll(
        Map.of(
            "Volume.1.Name", "data",
            "Volume.1.Type", "HostPathVolume",
            "Volume.1.HostPathVolume.Path", path,
            "Container.1.VolumeMount.1.Name", "data",
            "Container.1.VolumeMount.1.MountPath", "/data",
            "Container.1.VolumeMount.1.ReadOnly", readOnly));
    for (int i = 0; i < command.length; i++) {
      wish.put("Container.1.Command." + (i + 1), command[i]);
    }
    String id =
        Objects.requireNonNull(
            client
                .call(Action.CREATE_CONTAINER_GROUP, wish, CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        "it is over",
        Duration.ofMinutes(1),
        () -> List.of("Succeeded", "Failed").contains(String.valueOf(group(client, id).status())));
    assertThat(group(client, id).status()).isEqualTo("Succeeded");
    return id;
  }

  private static String log(PodyardClient client, String id) {
    return String.valueOf(
        client
            .call(
                Action.DESCRIBE_CONTAINER_LOG,
                Map.of("ContainerGroupId", id, "ContainerName", "main"),
                DescribeContainerLogResponse.class)
            .content());
  }
}
