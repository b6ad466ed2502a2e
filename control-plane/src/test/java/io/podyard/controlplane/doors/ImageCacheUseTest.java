package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups that start from image caches (contract section 13), on simulated hosts. */
class ImageCacheUseTest {

  private static final String SHELL = "registry.test/shell:1";
  private static final String TOOLS = "registry.test/tools:1";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(6, "8vCPU/32GiB")
                .with("podyard.quotas.max-auto-image-cache-count", "2"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private String cache(String... images) {
    List<String> parameters = new ArrayList<>(List.of("ImageCacheName=used"));
    for (int i = 0; i < images.length; i++) {
      parameters.add("Image." + (i + 1) + "=" + images[i]);
    }
    String id =
        Objects.requireNonNull(
            groups
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    CreateImageCacheResponse.class,
                    parameters.toArray(String[]::new))
                .imageCacheId());
    Waiting.until(id + " is ready", () -> "Ready".equals(get(id).status()));
    return id;
  }

  private List<ImageCacheResponse> caches(String... filters) {
    return groups
        .call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, filters)
        .imageCaches();
  }

  private ImageCacheResponse get(String id) {
    return caches("ImageCacheId=" + id).getFirst();
  }

  private void delete(String id) {
    groups.call(Action.DELETE_IMAGE_CACHE, DeleteImageCacheResponse.class, "ImageCacheId=" + id);
  }

  private String running(String... more) {
    String id = groups.create(Groups.shell("sleep infinity", more));
    groups.untilStatus(id, "Running");
    return id;
  }

  private String pulled(String group) {
    return groups.get(group).events().stream()
        .filter(event -> "Pulled".equals(event.reason()))
        .map(EventResponse::message)
        .map(String::valueOf)
        .reduce("", String::concat);
  }

  private static String host(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  private static String holder(String cache) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from image_cache_copy where cache_id = ?", String.class, cache));
  }

  @Test
  void aGroupStartsFromTheCacheThatItNamesOnAHostThatHoldsItAndPullsNothing() {
    String id = cache(SHELL);
    for (String snapshot : List.of(id, id + ".1")) {
      String group = running("ImageSnapshotId=" + snapshot);
      assertThat(pulled(group)).contains("from its registry: 0").contains(id + ".1");
      assertThat(host(group)).isEqualTo(holder(id));
      groups.delete(group, "Force=true");
    }
    Waiting.until("its use is noted", () -> get(id).lastMatchedTime() != null);
    String plain = running();
    assertThat(pulled(plain)).doesNotContain("image cache");
    groups.delete(plain, "Force=true");
    delete(id);
  }

  @Test
  void anotherOneCannotBeNamed() {
    String id = cache(SHELL);
    assertThat(refusal("ImageSnapshotId=imc-00000000000000000000"))
        .contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
    assertThat(refusal("ImageSnapshotId=s-1")).contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
    assertThat(refusal("ImageSnapshotId=" + id + ".2"))
        .contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
    PodyardCallException foreign =
        Groups.ofNewAccount(server)
            .refusal(
                Action.CREATE_CONTAINER_GROUP,
                Groups.shell("sleep infinity", "ImageSnapshotId=" + id));
    assertThat(foreign.errorCode()).contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
    assertThat(foreign.httpStatus()).isEqualTo(404);
    String failing =
        Objects.requireNonNull(
            groups
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    CreateImageCacheResponse.class,
                    "ImageCacheName=failing",
                    "Image.1=registry.test/not-found:1")
                .imageCacheId());
    assertThat(refusal("ImageSnapshotId=" + failing))
        .contains(ErrorCode.IMAGE_SNAPSHOT_INCORRECT_STATUS);
    assertThat(
            groups
                .refusal(
                    Action.CREATE_CONTAINER_GROUP,
                    Groups.shell("true", "ImageSnapshotId=s-1", "Cpu=x", "RestartPolicy=Odd"))
                .getMessage())
        .as("with all else that is wrong")
        .contains("ImageSnapshotId", "Cpu", "RestartPolicy");
    delete(id);
    delete(failing);
    assertThat(refusal("ImageSnapshotId=" + id)).contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
  }

  private Optional<ErrorCode> refusal(String wish) {
    return groups
        .refusal(Action.CREATE_CONTAINER_GROUP, Groups.shell("sleep infinity", wish))
        .errorCode();
  }

  @Test
  void theBestCacheIsFoundAndOneIsMadeWhereNoneHasAllImages() {
    String one = cache(TOOLS);
    String[] two = {
      "AutoMatchImageCache=true", "Container.2.Name=tools", "Container.2.Image=" + TOOLS
    };
    String group = running(two);
    assertThat(pulled(group)).contains("image cache " + one + ".1");
    Waiting.until("one is made", () -> automatic().size() == 1);
    ImageCacheResponse made = automatic().getFirst();
    assertThat(made.images()).containsExactly(SHELL, TOOLS);
    Waiting.until(
        "it is ready", () -> "Ready".equals(get(String.valueOf(made.imageCacheId())).status()));
    assertUsage("UsedAutoImageCacheCount", 1);
    assertUsage("UsedImageCacheCount", 1);

    String next = running(two);
    assertThat(pulled(next))
        .contains("image cache " + made.imageCacheId() + ".1")
        .doesNotContain(one);
    assertThat(host(next)).isEqualTo(holder(String.valueOf(made.imageCacheId())));
    assertThat(automatic()).as("one of a kind").hasSize(1);

    // Beyond their quota the least used one gives way.
    for (String image : List.of("registry.test/a:1", "registry.test/b:1")) {
      groups.delete(
          running("AutoMatchImageCache=true", "Container.1.Image=" + image), "Force=true");
      Waiting.until(
          "one of " + image,
          () -> automatic().stream().anyMatch(cache -> cache.images().contains(image)));
      Waiting.until(
          "all are ready", () -> automatic().stream().allMatch(c -> "Ready".equals(c.status())));
    }
    assertThat(automatic()).hasSize(2);
    assertUsage("UsedAutoImageCacheCount", 2);
    groups.delete(group, "Force=true");
    groups.delete(next, "Force=true");
    caches().forEach(cache -> delete(String.valueOf(cache.imageCacheId())));
  }

  private List<ImageCacheResponse> automatic() {
    return caches().stream()
        .filter(cache -> String.valueOf(cache.imageCacheName()).startsWith("auto-"))
        .toList();
  }

  private void assertUsage(String name, int used) {
    assertThat(groups.call(Action.LIST_USAGE, ListUsageResponse.class).attributes().get(name))
        .isEqualByComparingTo(String.valueOf(used));
  }

  @Test
  void aGroupGoesOnWithoutItsCacheAndManyStartFromOne() {
    String id = cache(SHELL);
    Map<String, String> request =
        Groups.shell("sleep infinity", "ImageSnapshotId=" + id, "Amount=3", "ClientToken=three");
    List<String> three =
        groups
            .client()
            .call(
                Action.BATCH_CREATE_CONTAINER_GROUPS,
                request,
                BatchCreateContainerGroupsResponse.class)
            .containerGroupIds();
    three.forEach(group -> groups.untilStatus(group, "Running"));
    assertThat(three).allMatch(group -> pulled(group).contains(id + ".1"));
    delete(id);
    assertThat(
            groups
                .client()
                .call(
                    Action.BATCH_CREATE_CONTAINER_GROUPS,
                    request,
                    BatchCreateContainerGroupsResponse.class)
                .containerGroupIds())
        .as("the same request, whose cache is gone")
        .isEqualTo(three);
    assertThat(new TreeSet<>(three.stream().map(id2 -> groups.get(id2).status()).toList()))
        .containsExactly("Running");
    three.forEach(group -> groups.delete(group, "Force=true"));
  }
}
