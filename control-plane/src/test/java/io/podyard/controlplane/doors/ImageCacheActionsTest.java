package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.api.imagecache.UpdateImageCacheResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.Tag;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Image caches (contract section 13), on simulated hosts. */
class ImageCacheActionsTest {

  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private static final String SHELL = "registry.test/shell:1";
  private static final String TOOLS = "registry.test/tools:1";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(4, "8vCPU/32GiB")
                .with("podyard.image-caches.tries", "2")
                .with("podyard.quotas.max-image-cache-count", "3"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private static Map<String, String> request(String name, String... more) {
    Map<String, String> parameters = Groups.parameters("ImageCacheName=" + name);
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private String create(String name, String... more) {
    return Objects.requireNonNull(
        groups
            .client()
            .call(Action.CREATE_IMAGE_CACHE, request(name, more), CreateImageCacheResponse.class)
            .imageCacheId());
  }

  private void update(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("ImageCacheId=" + id);
    parameters.putAll(Groups.parameters(more));
    assertThat(
            groups
                .client()
                .call(Action.UPDATE_IMAGE_CACHE, parameters, UpdateImageCacheResponse.class)
                .requestId())
        .isNotEmpty();
  }

  private void delete(String id) {
    groups.call(Action.DELETE_IMAGE_CACHE, DeleteImageCacheResponse.class, "ImageCacheId=" + id);
  }

  private DescribeImageCachesResponse list(String... filters) {
    return groups.call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, filters);
  }

  private List<String> ids(String... filters) {
    return list(filters).imageCaches().stream()
        .map(cache -> Objects.requireNonNull(cache.imageCacheId()))
        .toList();
  }

  private ImageCacheResponse get(String id) {
    return list("ImageCacheId=" + id).imageCaches().getFirst();
  }

  private ImageCacheResponse untilStatus(String id, String status) {
    Waiting.until(id + " is " + status, () -> status.equals(get(id).status()));
    return get(id);
  }

  private static List<String> reasons(ImageCacheResponse cache) {
    return cache.events().stream().map(EventResponse::reason).toList();
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  /** The hosts that say that they hold something of a cache. */
  private static List<HostId> holders(String key) {
    List<HostId> holders = new ArrayList<>();
    for (HostId host : server.runtimes().keySet()) {
      try {
        if (server.hosts().engine(host).held(installation()).stream()
            .anyMatch(held -> held.startsWith(key))) {
          holders.add(host);
        }
      } catch (RuntimeUnavailableException e) {
        throw new AssertionError(e);
      }
    }
    return holders;
  }

  @Test
  void aCacheIsReadyWhenItsImagesAreHeldAndSaysWhatHappened() {
    String id = create("web", "Image.1=" + SHELL, "Image.2=" + TOOLS, "RetentionDays=7");
    ImageCacheResponse cache = untilStatus(id, "Ready");
    assertThat(id).startsWith("imc-");
    assertThat(cache.images()).containsExactly(SHELL, TOOLS);
    assertThat(cache.progress()).isEqualTo("100%");
    assertThat(cache.snapshotId()).isEqualTo(id + ".1");
    assertThat(cache.flashSnapshotId()).isNull();
    assertThat(cache.imageCacheSize()).isEqualTo(20);
    assertThat(cache.regionId()).isEqualTo("cn-hangzhou");
    assertThat(cache.expireDateTime())
        .isBetween(
            Instant.now().plus(Duration.ofDays(7)).minusSeconds(60),
            Instant.now().plus(Duration.ofDays(7)));
    assertThat(reasons(cache)).containsExactly("Preparing", "Creating", "Created");
    assertThat(holders(id + ".1")).hasSize(1);
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select digest from image_cache_image where cache_id = ?", String.class, id))
        .hasSize(2)
        .allMatch(digest -> digest.startsWith("sha256:"));
    delete(id);
    assertThat(ids()).isEmpty();
    Waiting.until("its host let go of it", () -> holders(id).isEmpty());
    Waiting.until("nothing is left", () -> rows("image_cache", "id", id) == 0);
    assertThat(
            groups
                .refusal(Action.DELETE_IMAGE_CACHE, Groups.parameters("ImageCacheId=" + id))
                .errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }

  private static int rows(String table, String column, String value) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select count(*) from " + table + " where " + column + " = ?",
                Integer.class,
                value));
  }

  @Test
  void asManyHostsHoldItAsAskedForOrAsThereAreAndAllTheSame() {
    String three = create("three", "Image.1=" + SHELL, "StandardCopyCount=3");
    String all = create("all", "Image.1=" + SHELL, "StandardCopyCount=100");
    String flash =
        create(
            "flash", "Image.1=" + TOOLS, "Flash=true", "FlashCopyCount=2", "StandardCopyCount=3");
    untilStatus(three, "Ready");
    assertThat(holders(three + ".1")).hasSize(3);
    untilStatus(all, "Ready");
    assertThat(holders(all + ".1")).hasSize(4);
    ImageCacheResponse early = untilStatus(flash, "Ready");
    assertThat(early.flashSnapshotId()).isEqualTo(early.snapshotId());
    Waiting.until("the others follow", () -> holders(flash + ".1").size() == 3);
    Waiting.until("and are counted", () -> "100%".equals(get(flash).progress()));
    assertThat(heldAfterReady(flash)).as("with flash the first one is enough").isEqualTo(2);
    assertThat(heldAfterReady(three)).isZero();
    List.of(three, all, flash).forEach(this::delete);
  }

  private static int heldAfterReady(String id) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                """
                select count(*) from image_cache_copy k
                join image_cache_event e on e.cache_id = k.cache_id and e.reason = 'Created'
                where k.cache_id = ? and k.held_at > e.first_at
                """,
                Integer.class,
                id));
  }

  @Test
  void itTellsHowFarItIsFromTheFirstWishToAnUpdate() {
    String hosts = "update host set cordoned_at = ";
    server.jdbc().update(hosts + "now()");
    Waiting.until("no host takes anything", () -> readyHosts() == 0);
    String id = create("on-its-way", slow("a"));
    Waiting.until("nobody can hold it", () -> reasons(get(id)).contains("FailedScheduling"));
    assertThat(get(id).status()).isEqualTo("Preparing");
    assertThat(get(id).progress()).isEqualTo("0%");
    assertThat(get(id).snapshotId()).isNull();

    server.jdbc().update(hosts + "null");
    ImageCacheResponse creating = untilOnItsWay(id);
    assertThat(creating.status()).isEqualTo("Creating");
    assertThat(creating.snapshotId()).isNull();
    assertThat(refusal(id, "Image.1=" + SHELL)).contains(ErrorCode.IMAGE_CACHE_INCORRECT_STATUS);
    delete(id);

    String changing = create("changing", "Image.1=" + SHELL);
    untilStatus(changing, "Ready");
    update(changing, slow("b"));
    ImageCacheResponse updating = untilOnItsWay(changing);
    assertThat(updating.status()).isEqualTo("Updating");
    assertThat(updating.snapshotId()).as("what is used until then").isEqualTo(changing + ".1");
    assertThat(reasons(updating)).contains("Updating");
    delete(changing);
    for (String one : List.of(id, changing)) {
      Waiting.until("nothing is left", () -> rows("image_cache", "id", one) == 0);
      assertThat(holders(one)).isEmpty();
    }
  }

  /** Images that take their time together. */
  private static String[] slow(String name) {
    return IntStream.rangeClosed(1, 5)
        .mapToObj(i -> "Image.%d=registry.test/pull-slow-%s-%d:1".formatted(i, name, i))
        .toArray(String[]::new);
  }

  private ImageCacheResponse untilOnItsWay(String id) {
    AtomicReference<ImageCacheResponse> seen = new AtomicReference<>(get(id));
    Waiting.until(
        id + " is on its way",
        Duration.ofSeconds(60),
        () -> {
          seen.set(get(id));
          return !List.of("0%", "100%").contains(String.valueOf(seen.get().progress()));
        });
    return seen.get();
  }

  private static int readyHosts() {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject("select count(*) from host where state = 'READY'", Integer.class));
  }

  @Test
  void oneThatIsReadyGoesWhenItsTimeIsOver() {
    String id = create("short", "Image.1=" + SHELL, "RetentionDays=1");
    String other = create("longer", "Image.1=" + SHELL, "RetentionDays=2");
    List.of(id, other).forEach(one -> untilStatus(one, "Ready"));
    server
        .jdbc()
        .update(
            "update image_cache set expires_at = expires_at - interval '1 day' where id in (?, ?)",
            id,
            other);
    Waiting.until("it is over", () -> ids().equals(List.of(other)));
    Waiting.until("its host let go of it", () -> holders(id).isEmpty());
    Waiting.until("nothing is left", () -> rows("image_cache", "id", id) == 0);
    assertThat(get(other).status()).isEqualTo("Ready");
    delete(other);
  }

  @Test
  void whatCannotBeFetchedFailsWithTheRegistrysWordsAndGoesAfterADay() {
    String id = create("broken", "Image.1=" + SHELL, "Image.2=registry.test/not-found:1");
    ImageCacheResponse cache = untilStatus(id, "Failed");
    assertThat(reasons(cache)).contains("ErrImagePull", "CreateFailed");
    assertThat(cache.events())
        .anyMatch(
            event ->
                "ErrImagePull".equals(event.reason())
                    && "Warning".equals(event.type())
                    && Objects.equals(event.count(), 2)
                    && String.valueOf(event.message()).contains("unknown"));
    assertThat(cache.snapshotId()).isNull();
    assertThat(cache.expireDateTime())
        .isBetween(
            Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(24)));
    Waiting.until("no host holds a part of it", () -> holders(id).isEmpty());
    assertThat(
            groups
                .refusal(
                    Action.UPDATE_IMAGE_CACHE,
                    Groups.parameters("ImageCacheId=" + id, "Image.1=" + SHELL))
                .errorCode())
        .contains(ErrorCode.IMAGE_CACHE_INCORRECT_STATUS);
    server.jdbc().update("update image_cache set expires_at = now() where id = ?", id);
    Waiting.until("it is over", () -> ids().isEmpty());
  }

  @Test
  void whatDoesNotFitFails() {
    List<String> images = new ArrayList<>(List.of("ImageCacheSize=1"));
    for (int i = 1; i <= 40; i++) {
      images.add("Image." + i + "=registry.test/large-" + i + ":1");
    }
    String id = create("large", images.toArray(String[]::new));
    ImageCacheResponse cache = untilStatus(id, "Failed");
    assertThat(cache.events().getLast().message()).contains("do not fit the 1 GiB");
    Waiting.until("no host holds it", () -> holders(id).isEmpty());
    delete(id);
  }

  @Test
  void anUpdateTakesThePlaceOfWhatWasThereInOneStepAndLeavesItIfItFails() {
    String id = create("changing", "Image.1=" + SHELL);
    untilStatus(id, "Ready");
    assertThat(refusal(id, "Image.1=" + SHELL)).contains(ErrorCode.NO_NEED_UPDATE);
    assertThat(refusal(id, "ImageCacheName=changing")).contains(ErrorCode.NO_NEED_UPDATE);

    update(id, "ImageCacheName=other", "EliminationStrategy=LRU", "Tag.1.Key=a", "Tag.1.Value=b");
    assertThat(get(id).status()).isEqualTo("Ready");
    assertThat(get(id).imageCacheName()).isEqualTo("other");
    assertThat(get(id).eliminationStrategy()).isEqualTo("LRU");
    assertThat(get(id).tags()).containsExactly(new Tag("a", "b"));
    assertThat(get(id).snapshotId()).isEqualTo(id + ".1");
    assertThat(refusal(id, "EliminationStrategy=undefined")).contains(ErrorCode.NO_NEED_UPDATE);
    update(id, "EliminationStrategy=");
    assertThat(get(id).eliminationStrategy()).as("an empty one takes it away").isNull();
    assertThat(get(id).snapshotId()).isEqualTo(id + ".1");
    assertThat(refusal(id, "EliminationStrategy=")).contains(ErrorCode.NO_NEED_UPDATE);

    update(id, "Image.1=registry.test/not-found:1");
    assertThat(get(id).images()).as("what it holds until then").containsExactly(SHELL);
    ImageCacheResponse kept = untilStatus(id, "UpdateFailed");
    assertThat(kept.images()).containsExactly(SHELL);
    assertThat(kept.snapshotId()).isEqualTo(id + ".1");
    assertThat(holders(id + ".1")).hasSize(1);
    Waiting.until("of the other one nothing is left", () -> holders(id + ".2").isEmpty());

    update(id, "Image.1=" + SHELL, "Image.2=" + TOOLS, "StandardCopyCount=2");
    ImageCacheResponse changed = untilStatus(id, "Ready");
    assertThat(changed.images()).containsExactly(SHELL, TOOLS);
    assertThat(changed.snapshotId()).isEqualTo(id + ".3");
    assertThat(holders(id + ".3")).hasSize(2);
    Waiting.until("the one before is let go", () -> holders(id + ".1").isEmpty());
    delete(id);
  }

  private Optional<ErrorCode> refusal(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("ImageCacheId=" + id);
    parameters.putAll(Groups.parameters(more));
    return groups.refusal(Action.UPDATE_IMAGE_CACHE, parameters).errorCode();
  }

  @Test
  void aTokenMakesOneCacheAndEndsOne() {
    String id = create("once", "Image.1=" + SHELL, "ClientToken=t");
    assertThat(create("once", "Image.1=" + SHELL, "ClientToken=t", "ImageCacheSize=20"))
        .isEqualTo(id);
    assertThat(
            groups
                .refusal(
                    Action.CREATE_IMAGE_CACHE, request("once", "Image.1=" + TOOLS, "ClientToken=t"))
                .errorCode())
        .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
    assertThat(ids()).containsExactly(id);
    untilStatus(id, "Ready");
    for (int i = 0; i < 2; i++) {
      groups.call(
          Action.DELETE_IMAGE_CACHE,
          DeleteImageCacheResponse.class,
          "ImageCacheId=" + id,
          "ClientToken=d");
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void beyondTheQuotaTheLeastUsedThatMayGoesOrNoneIsMade() {
    String first = create("first", "Image.1=" + SHELL, "EliminationStrategy=LRU");
    String second = create("second", "Image.1=" + SHELL);
    String third = create("third", "Image.1=" + SHELL, "EliminationStrategy=LRU");
    List.of(first, second, third).forEach(id -> untilStatus(id, "Ready"));
    assertUsage("UsedImageCacheCount", 3);
    server.jdbc().update("update image_cache set last_matched_at = now() where id = ?", first);
    String fourth = create("fourth", "Image.1=" + SHELL);
    assertThat(ids()).containsExactly(fourth, second, first);
    untilStatus(fourth, "Ready");
    String fifth = create("fifth", "Image.1=" + SHELL);
    assertThat(ids()).containsExactly(fifth, fourth, second);
    assertThat(
            groups
                .refusal(Action.CREATE_IMAGE_CACHE, request("sixth", "Image.1=" + SHELL))
                .errorCode())
        .contains(ErrorCode.QUOTA_EXCEEDED);
    assertUsage("UsedImageCacheCount", 3);
    List.of(second, fourth, fifth).forEach(this::delete);
    assertUsage("UsedImageCacheCount", 0);
  }

  private void assertUsage(String name, int used) {
    assertThat(groups.call(Action.LIST_USAGE, ListUsageResponse.class).attributes().get(name))
        .isEqualByComparingTo(String.valueOf(used));
  }

  @Test
  void cachesHaveTagsAndAreFoundByWhatTheyAre() {
    String web =
        create(
            "web",
            "Image.1=" + SHELL,
            "Tag.1.Key=team",
            "Tag.1.Value=blue",
            "ResourceGroupId=rg-1");
    String tools = create("tools", "Image.1=" + TOOLS);
    groups.call(
        Action.TAG_RESOURCES,
        TagResourcesResponse.class,
        "ResourceType=ImageCache",
        "ResourceId.1=" + web,
        "ResourceId.2=" + tools,
        "Tag.1.Key=stage",
        "Tag.1.Value=test");
    assertThat(
            groups
                .call(
                    Action.LIST_TAG_RESOURCES,
                    ListTagResourcesResponse.class,
                    "ResourceType=ImageCache")
                .tagResources())
        .extracting(row -> row.resourceId() + " " + row.tagKey())
        .containsExactly(tools + " stage", web + " stage", web + " team");
    assertThat(ids("Tag.1.Key=team")).containsExactly(web);
    assertThat(ids("Tag.1.Key=stage", "Tag.1.Value=test")).containsExactly(tools, web);
    assertThat(ids("Tag.1.Key=stage", "Tag.1.Value=other")).isEmpty();
    assertThat(ids("ResourceGroupId=rg-1")).containsExactly(web);
    assertThat(ids("ImageCacheName=tools")).containsExactly(tools);
    assertThat(ids("Image=" + SHELL)).containsExactly(web);
    untilStatus(tools, "Ready");
    assertThat(ids("SnapshotId=" + tools + ".1")).containsExactly(tools);
    DescribeImageCachesResponse page = list("Limit=1");
    assertThat(page.totalCount()).isEqualTo(2);
    assertThat(page.imageCaches().getFirst().imageCacheId()).isEqualTo(tools);
    assertThat(ids("Limit=1", "NextToken=" + page.nextToken())).containsExactly(web);
    List.of(web, tools).forEach(this::delete);
  }

  @Test
  void theCachesThatServeAGroupAreListedInTheOrderInWhichTheyWouldBeUsed() {
    String both = create("both", "Image.1=" + SHELL, "Image.2=" + TOOLS);
    String one = create("one", "Image.1=" + SHELL);
    String newer = create("newer", "Image.1=" + SHELL);
    List.of(both, one, newer).forEach(id -> untilStatus(id, "Ready"));
    assertThat(ids("MatchImage.1=" + SHELL)).containsExactly(newer, one, both);
    String[] images = {"MatchImage.1=" + SHELL, "MatchImage.2=" + TOOLS};
    assertThat(ids(images)).containsExactly(both, newer, one);
    assertThat(ids(with(images, "ImageFullMatch=true"))).containsExactly(both);
    assertThat(ids(with(images, "ImageMatchCountRequest=2"))).containsExactly(both);
    assertThat(ids("MatchImage.1=registry.test/other:1")).isEmpty();
    String token = list(with(images, "Limit=2")).nextToken();
    assertThat(ids(with(images, "Limit=2", "NextToken=" + token))).containsExactly(one);
    delete(newer);
    assertThat(ids(with(images, "Limit=2", "NextToken=" + token)))
        .as("the last one of the page before went")
        .containsExactly(one);
    List.of(both, one).forEach(this::delete);
  }

  @Test
  void anImageIsFoundHoweverItsNameIsSpelled() {
    String id = create("hub", "Image.1=nginx");
    for (String same : List.of("nginx", "nginx:latest", "docker.io/library/nginx:latest")) {
      assertThat(ids("Image=" + same)).as(same).containsExactly(id);
      assertThat(ids("Image=" + same, "ImageCacheName=hub")).containsExactly(id);
    }
    for (String other :
        List.of("nginx:1", "registry.test/nginx", "ngin", "other/nginx", "@", ":")) {
      DescribeImageCachesResponse none = list("Image=" + other);
      assertThat(none.imageCaches()).as(other).isEmpty();
      assertThat(none.totalCount()).isZero();
    }
    untilStatus(id, "Ready");
    delete(id);
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void passwordsOfRegistriesAreSealedAndShownNowhere() {
    String id =
        create(
            "private",
            "Image.1=" + SHELL,
            "ImageRegistryCredential.1.Server=registry.test",
            "ImageRegistryCredential.1.UserName=robot",
            "ImageRegistryCredential.1.Password=canary-of-a-cache");
    untilStatus(id, "Ready");
    assertThat(get(id).toString()).doesNotContain("canary");
    for (String table :
        new TreeSet<>(
            server
                .jdbc()
                .queryForList(
                    "select table_name from information_schema.tables where table_name like"
                        + " 'image_cache%'",
                    String.class))) {
      assertThat(
              server.jdbc().queryForList("select t::text from %s t".formatted(table), String.class))
          .as(table)
          .noneMatch(row -> row.contains("canary"));
    }
    // The same login again is no change, another one is.
    assertThat(
            refusal(
                id,
                "ImageRegistryCredential.1.Server=registry.test",
                "ImageRegistryCredential.1.UserName=robot",
                "ImageRegistryCredential.1.Password=canary-of-a-cache"))
        .contains(ErrorCode.NO_NEED_UPDATE);
    update(
        id,
        "ImageRegistryCredential.1.Server=registry.test",
        "ImageRegistryCredential.1.UserName=robot",
        "ImageRegistryCredential.1.Password=another");
    Waiting.until("it is made anew", () -> (id + ".2").equals(get(id).snapshotId()));
    delete(id);
  }

  @Test
  void makingAndKeepingOneIsMeteredWhereItHasAPrice() {
    String before = create("free", "Image.1=" + SHELL);
    untilStatus(before, "Ready");
    assertThat(metered(before)).isEmpty();
    server
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            values ('cn-*', 'image-cache-disk', 'CNY', 0.0000001, '2018-08-08T00:00:00Z'),
                   ('cn-*', 'image-cache-storage', 'CNY', 0.0000001, '2018-08-08T00:00:00Z')
            """);
    String id = create("sold", "Image.1=" + SHELL, "ImageCacheSize=25");
    untilStatus(id, "Ready");
    assertThat(metered(id))
        .containsExactly(
            id + " image-cache-creation 2000 4096 25 ended",
            id + " image-cache-storage 0 0 25 open");
    update(id, "Image.1=" + TOOLS, "ImageCacheSize=26");
    Waiting.until("it is changed", () -> (id + ".2").equals(get(id).snapshotId()));
    delete(id);
    assertThat(metered(id))
        .containsExactly(
            id + " image-cache-creation 2000 4096 25 ended",
            id + " image-cache-storage 0 0 25 ended",
            id + " image-cache-storage 0 0 26 ended",
            id + ".2 image-cache-creation 2000 4096 26 ended");
    delete(before);
  }

  private static List<String> metered(String id) {
    return server
        .jdbc()
        .queryForList(
            """
            select concat_ws(' ', group_id, tariff, milli_cpu, memory_mib, storage_gib,
                             case when ended_at is null then 'open' else 'ended' end)
            from usage_interval where group_id = ? or group_id like ? || '.%'
            order by group_id, sequence
            """,
            String.class, id, id);
  }

  @Test
  void whatAHostLosesOrNobodyKnowsIsSetRight() throws Exception {
    String id = create("looked-after", "Image.1=" + SHELL);
    untilStatus(id, "Ready");
    HostId holder = holders(id).getFirst();
    server.jdbc().update("update image_cache_copy set held_at = held_at - interval '1 minute'");
    server.hosts().engine(holder).release(installation(), id + ".1", OPEN);
    Waiting.until("it holds it again", Duration.ofSeconds(60), () -> holders(id).contains(holder));

    server.hosts().engine(holder).hold(order(holder, "imc-nobodys.1"), OPEN, (_, _, _) -> {});
    Waiting.until(
        "what is nobody's is gone", Duration.ofSeconds(90), () -> holders("imc-nobodys").isEmpty());
    assertThat(holders(id)).isNotEmpty();
    delete(id);
  }

  private static ImageCopyOrder order(HostId host, String key) {
    return new ImageCopyOrder(
        installation(),
        host,
        server.operator().account(),
        key,
        List.of(SHELL),
        List.of(),
        List.of(),
        List.of());
  }

  @Test
  void whatALeavingHostHeldIsMadeElsewhere() {
    String id = create("moving", "Image.1=" + SHELL);
    untilStatus(id, "Ready");
    HostId before = holders(id).getFirst();
    server
        .jdbc()
        .update(
            "update host set cordoned_at = now(), draining_since = now(), drain_deadline_at ="
                + " now() + interval '1 hour' where id = ?",
            before.value());
    Waiting.until(
        "another host holds it and the first one does not",
        Duration.ofSeconds(60),
        () -> holders(id).size() == 1 && !holders(id).contains(before));
    assertThat(get(id).status()).isEqualTo("Ready");
    server.jdbc().update("update host set cordoned_at = null where id = ?", before.value());
    delete(id);
  }
}
