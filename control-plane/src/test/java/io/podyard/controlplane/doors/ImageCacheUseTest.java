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
import io.podyard.api.imagecache.UpdateImageCacheResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.controlplane.containergroup.GroupImageCaches;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
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
    return cache(groups, images);
  }

  private static String cache(Groups whose, String... images) {
    List<String> parameters = new ArrayList<>(List.of("ImageCacheName=used"));
    for (int i = 0; i < images.length; i++) {
      parameters.add("Image." + (i + 1) + "=" + images[i]);
    }
    String id =
        Objects.requireNonNull(
            whose
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    CreateImageCacheResponse.class,
                    parameters.toArray(String[]::new))
                .imageCacheId());
    Waiting.until(id + " is ready", () -> "Ready".equals(get(whose, id).status()));
    return id;
  }

  private List<ImageCacheResponse> caches(String... filters) {
    return groups
        .call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, filters)
        .imageCaches();
  }

  private ImageCacheResponse get(String id) {
    return get(groups, id);
  }

  private static ImageCacheResponse get(Groups whose, String id) {
    return whose
        .call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, "ImageCacheId=" + id)
        .imageCaches()
        .getFirst();
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
  void theHostThatLacksLeastIsTakenAndIfThatIsFullTheNextOne() {
    untilNothingIsHeld();
    String other = "registry.test/other:1";
    String both = cache(SHELL, TOOLS);
    String half = cache(SHELL);
    String none = cache(other);
    assertThat(new TreeSet<>(List.of(holder(both), holder(half), holder(none)))).hasSize(3);
    // The host that would be taken if there were no images: it is fuller than others.
    String fuller =
        running("ImageSnapshotId=" + none, "Cpu=1", "Memory=2", "Container.1.Image=" + other);
    assertThat(host(fuller)).isEqualTo(holder(none));
    String[] two = {
      "ImageSnapshotId=" + both, "Container.2.Name=tools", "Container.2.Image=" + TOOLS
    };
    String best = running("Cpu=8", "Memory=16", two[0], two[1], two[2]);
    assertThat(host(best)).isEqualTo(holder(both));

    String next = running(two);
    assertThat(host(next)).isEqualTo(holder(half));
    assertThat(KeptDecisions.localityOfBest(server, best))
        .isEqualTo(-PlacementPolicy.BEST_FIT.imageBonus());
    long share = PlacementRequest.ALL_IMAGES * bytes(SHELL) / (bytes(SHELL) + bytes(TOOLS));
    assertThat(KeptDecisions.localityOfBest(server, next))
        .isEqualTo(-PlacementPolicy.BEST_FIT.imageBonus() * share / PlacementRequest.ALL_IMAGES);
    List.of(fuller, best, next).forEach(group -> groups.delete(group, "Force=true"));
    List.of(both, half, none).forEach(this::delete);
  }

  private static void untilNothingIsHeld() {
    Waiting.until(
        "no host holds anything",
        Duration.ofSeconds(60),
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select count(*) from image_cache_copy where cleared_at is null",
                        Integer.class),
                0));
  }

  private static long bytes(String image) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select max(bytes) from image_cache_image where image = ?", Long.class, image));
  }

  @Test
  void layersInCommonCountAndAnotherAccountsDoNot() {
    untilNothingIsHeld();
    String image = "registry.test/shared:1";
    String[] holding = {cache(image), cache("registry.test/shared:2")};
    Groups others = Groups.ofNewAccount(server);
    String foreign = cache(others, "registry.test/shared:3");
    String digest =
        server
            .jdbc()
            .queryForObject(
                "select digest from image_cache_image where cache_id = ?",
                String.class,
                holding[0]);
    List<CachedImage> wanted =
        List.of(new CachedImage(image, String.valueOf(digest), holding[0] + ".1"));
    long base = 4L << 20;

    GroupImageCaches caches = server.bean(GroupImageCaches.class);
    assertThat(caches.hosts(Set.of(wanted)))
        .isEqualTo(
            Map.of(
                wanted,
                Map.of(
                    new HostId(holder(holding[0])),
                    PlacementRequest.ALL_IMAGES,
                    new HostId(holder(holding[1])),
                    (int) (PlacementRequest.ALL_IMAGES * base / bytes(image)))));
    List<CachedImage> unknown =
        List.of(new CachedImage("registry.test/new:1", "sha256:1", holding[0] + ".1"));
    assertThat(caches.hosts(Set.of(unknown, List.of()))).isEmpty();
    List.of(holding).forEach(this::delete);
    others.call(
        Action.DELETE_IMAGE_CACHE, DeleteImageCacheResponse.class, "ImageCacheId=" + foreign);
  }

  @Test
  void ofManyHostsThoseThatHoldMostAreTold() {
    untilNothingIsHeld();
    String image = "registry.test/shared:4";
    String whole = cache(image);
    String layers = cache("registry.test/shared:5");
    String digest =
        server
            .jdbc()
            .queryForObject(
                "select digest from image_cache_image where cache_id = ?", String.class, whole);
    List<CachedImage> wanted =
        List.of(new CachedImage(image, String.valueOf(digest), whole + ".1"));
    GroupImageCaches caches = server.bean(GroupImageCaches.class);
    AtomicReference<Map<HostId, Integer>> hosts = new AtomicReference<>(Map.of());
    // What hosts hold that there are not is ended in a while.
    Waiting.until(
        "as many hosts as are told",
        () -> {
          holdOnNoHosts(layers);
          hosts.set(caches.hosts(Set.of(wanted)).getOrDefault(wanted, Map.of()));
          return hosts.get().size() == 200;
        });
    assertThat(hosts.get()).containsEntry(new HostId(holder(whole)), PlacementRequest.ALL_IMAGES);
    server.jdbc().update("delete from image_cache_copy where host_id like 'none-%'");
    List.of(whole, layers).forEach(this::delete);
  }

  private static void holdOnNoHosts(String cache) {
    server
        .jdbc()
        .update(
            """
            insert into image_cache_copy (id, cache_id, revision, host_id, shard, held_at)
            select ? || '.1@none-' || n, ?, 1, 'none-' || n, 0, now()
            from generate_series(1, 250) n
            on conflict (id) do update set finished_at = null, cleared_at = null
            """,
            cache,
            cache);
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
    Waiting.until("it failed", () -> "Failed".equals(get(failing).status()));
    assertRefusedAs(failing, "Failed");
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

  @Test
  void oneThatIsChangedCannotBeNamedUntilItIsReadyButIsFoundAllTheWhile() {
    String id = cache(SHELL);
    update(id, "Image.1=registry.test/not-found:1");
    assertRefusedAs(id, "Updating");
    assertRefusedAs(id + ".1", "Updating");
    Waiting.until("it failed", () -> "UpdateFailed".equals(get(id).status()));
    assertRefusedAs(id, "UpdateFailed");
    String matched = running("AutoMatchImageCache=true");
    assertThat(pulled(matched)).contains("from its registry: 0").contains(id + ".1");

    update(id, "Image.1=" + SHELL);
    Waiting.until("it is ready", () -> "Ready".equals(get(id).status()));
    assertThat(refusal("ImageSnapshotId=" + id + ".1"))
        .as("what it was before")
        .contains(ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND);
    String named = running("ImageSnapshotId=" + id);
    assertThat(pulled(named)).contains(id + ".3");
    List.of(matched, named).forEach(group -> groups.delete(group, "Force=true"));
    delete(id);
  }

  private void update(String id, String image) {
    groups.call(
        Action.UPDATE_IMAGE_CACHE, UpdateImageCacheResponse.class, "ImageCacheId=" + id, image);
  }

  private void assertRefusedAs(String snapshot, String status) {
    PodyardCallException refused =
        groups.refusal(
            Action.CREATE_CONTAINER_GROUP,
            Groups.shell("sleep infinity", "ImageSnapshotId=" + snapshot));
    assertThat(refused.errorCode()).contains(ErrorCode.IMAGE_SNAPSHOT_INCORRECT_STATUS);
    assertThat(refused.httpStatus()).isEqualTo(400);
    assertThat(refused.getMessage()).contains("that is " + status + ";");
  }

  @Test
  void onePastItsTimeIsNotThere() {
    String id = cache(SHELL);
    server
        .jdbc()
        .update("update image_cache set expires_at = now() - interval '1 second' where id = ?", id);
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

    // Beyond their quota the least used one gives way, not the oldest.
    String first = automaticOf("registry.test/a:1");
    groups.delete(next, "Force=true");
    Waiting.until(
        "uses are noted once a second",
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select last_matched_at < now() - interval '1 second' from image_cache"
                            + " where id = ?",
                        Boolean.class,
                        made.imageCacheId()),
                true));
    String again = running(two);
    Waiting.until(
        "the older one is the one that was used last",
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        """
                        select m.last_matched_at > a.created_at from image_cache m, image_cache a
                        where m.id = ? and a.id = ?
                        """,
                        Boolean.class,
                        made.imageCacheId(),
                        first),
                true));
    String last = automaticOf("registry.test/b:1");
    assertThat(automatic())
        .extracting(ImageCacheResponse::imageCacheId)
        .containsExactlyInAnyOrder(made.imageCacheId(), last);
    assertUsage("UsedAutoImageCacheCount", 2);
    groups.delete(group, "Force=true");
    groups.delete(again, "Force=true");
    caches().forEach(cache -> delete(String.valueOf(cache.imageCacheId())));
  }

  /** The cache that is made by itself for a group of an image. */
  private String automaticOf(String image) {
    groups.delete(running("AutoMatchImageCache=true", "Container.1.Image=" + image), "Force=true");
    Waiting.until(
        "one of " + image,
        () ->
            automatic().stream()
                .anyMatch(
                    cache -> cache.images().contains(image) && "Ready".equals(cache.status())));
    return automatic().stream()
        .filter(cache -> cache.images().contains(image))
        .map(cache -> String.valueOf(cache.imageCacheId()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ofImagesThatAreOnlySpelledOtherwiseNoSecondCacheIsMade() {
    String one = groups.create(unfetchable("registry.test/not-found"));
    Waiting.until("one is made", () -> automatic().size() == 1);
    String two = groups.create(unfetchable("Registry.test/not-found:latest"));
    String made = automaticOf("registry.test/after:1");
    assertThat(automatic())
        .extracting(ImageCacheResponse::images)
        .containsExactlyInAnyOrder(
            List.of("registry.test/not-found"), List.of("registry.test/after:1"));
    assertThat(get(made).status()).isEqualTo("Ready");
    List.of(one, two).forEach(group -> groups.delete(group, "Force=true"));
    automatic().forEach(cache -> delete(String.valueOf(cache.imageCacheId())));
  }

  private static Map<String, String> unfetchable(String image) {
    return Groups.shell("true", "AutoMatchImageCache=true", "Container.1.Image=" + image);
  }

  @Test
  void noUseIsLostInABurst() {
    String busy = cache(SHELL);
    String quiet = cache(TOOLS);
    for (int i = 0; i < 5_000; i++) {
      use(busy);
    }
    use(quiet);
    Waiting.until("both are noted", () -> get(quiet).lastMatchedTime() != null);
    assertThat(get(busy).lastMatchedTime()).isNotNull();
    List.of(busy, quiet).forEach(this::delete);
  }

  private static void use(String cache) {
    server
        .bean(GroupImageCaches.class)
        .used(
            new AccountId("of-a-burst"),
            new RegionId("cn-hangzhou"),
            new GroupImageCaches.Found(
                new ImageCacheUse(cache, cache + ".1", 1, 20), List.of(), Map.of(), true),
            GroupSpec.of(
                "used", Size.of(250, 512), RestartPolicy.NEVER, ContainerSpec.of("main", SHELL)),
            false);
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
