package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That flash copies are there for a while only (contract section 13), on simulated hosts. */
class FlashCopiesTest {

  private static final int HOSTS = 4;

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(HOSTS, "8vCPU/32GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void awaitHosts() {
    Waiting.until(
        "all hosts take something new",
        () -> count("host where state = 'READY'") == HOSTS && count("reservation") == 0);
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  /** One that three hosts get first and one is to keep, as soon as those three have it. */
  private String onThreeHosts() {
    String id =
        Objects.requireNonNull(
            groups
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    CreateImageCacheResponse.class,
                    "ImageCacheName=flash",
                    "Image.1=registry.test/shell:1",
                    "Flash=true",
                    "FlashCopyCount=3")
                .imageCacheId());
    Waiting.until("three hosts hold it", () -> heldCopies(id) == 3);
    Waiting.until("the time of two of them runs", () -> isTimeRunning(id));
    assertThat(holders(id)).hasSize(3);
    return id;
  }

  private void delete(String id) {
    groups.call(Action.DELETE_IMAGE_CACHE, DeleteImageCacheResponse.class, "ImageCacheId=" + id);
  }

  private ImageCacheResponse get(String id) {
    return groups
        .call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, "ImageCacheId=" + id)
        .imageCaches()
        .getFirst();
  }

  private static int count(String rows) {
    return Objects.requireNonNull(
        server.jdbc().queryForObject("select count(*) from " + rows, Integer.class));
  }

  private static int heldCopies(String id) {
    return count(
        "image_cache_copy where held_at is not null and finished_at is null and cache_id = '%s'"
            .formatted(id));
  }

  private static boolean isTimeRunning(String id) {
    return count(
            "image_cache_revision where standard_at is not null and cache_id = '%s'".formatted(id))
        == 1;
  }

  private static void set(String id, String what) {
    server
        .jdbc()
        .update("update image_cache_revision set %s where cache_id = ?".formatted(what), id);
  }

  /** It is an hour. */
  private static void passTheirTime(String id) {
    set(id, "standard_at = standard_at - interval '61 minutes'");
  }

  /** The hosts that say that they hold a cache. */
  private static List<HostId> holders(String id) {
    List<HostId> holders = new ArrayList<>();
    for (HostId host : server.runtimes().keySet()) {
      try {
        if (server
            .hosts()
            .engine(host)
            .held(new Inventory(server.jdbc()).installation())
            .contains(id + ".1")) {
          holders.add(host);
        }
      } catch (RuntimeUnavailableException e) {
        throw new AssertionError(e);
      }
    }
    return holders;
  }

  private static HostId host(String sql, String id) {
    return new HostId(Objects.requireNonNull(server.jdbc().queryForObject(sql, String.class, id)));
  }

  private static HostId hostOf(String group) {
    return host("select host_id from container_group where id = ?", group);
  }

  private static void cordon(HostId host, boolean draining) {
    server
        .jdbc()
        .update(
            draining
                ? "update host set cordoned_at = now(), draining_since = now(), drain_deadline_at"
                    + " = now() + interval '1 hour' where id = ?"
                : "update host set cordoned_at = null where id = ?",
            host.value());
  }

  @Test
  void hostsBeyondTheStandardCopiesLetGoOfItAfterAWhileAndNoneGetsItAgain() {
    String id = onThreeHosts();
    assertThat(get(id).progress()).isEqualTo("100%");
    // As if whoever made the copies had died before it could note that they are held.
    set(id, "standard_at = null");
    Waiting.until("their time runs again", () -> isTimeRunning(id));
    assertThat(heldCopies(id)).isEqualTo(3);
    HostId kept =
        host(
            "select host_id from image_cache_copy where cache_id = ? order by held_at, id desc"
                + " limit 1",
            id);

    passTheirTime(id);
    Waiting.until("the others let go of it", () -> holders(id).equals(List.of(kept)));
    assertThat(get(id).status()).isEqualTo("Ready");
    assertThat(get(id).progress()).isEqualTo("100%");
    assertThat(get(id).events()).extracting(EventResponse::reason).contains("FlashReleased");

    cordon(kept, true);
    Waiting.until(
        "one other host holds it", () -> holders(id).size() == 1 && !holders(id).contains(kept));
    assertThat(count("image_cache_copy where finished_at is null and cache_id = '" + id + "'"))
        .isOne();
    cordon(kept, false);
    delete(id);
  }

  @Test
  void hostsWithGroupsThatStartedFromItKeepItAsLongAsThese() {
    String id = onThreeHosts();
    String[] request = {"ImageSnapshotId=" + id, "Cpu=8", "Memory=16"};
    String one = groups.create(Groups.shell("sleep infinity", request));
    String two = groups.create(Groups.shell("sleep infinity", request));
    groups.untilStatus(one, "Running");
    groups.untilStatus(two, "Running");
    HostId ofTwo = hostOf(two);
    List<HostId> used = List.copyOf(new TreeSet<>(List.of(hostOf(one), ofTwo)));
    assertThat(used).hasSize(2).isSubsetOf(holders(id));

    passTheirTime(id);
    Waiting.until("the third one lets go of it", () -> holders(id).equals(used));
    assertThat(heldCopies(id)).isEqualTo(2);

    groups.delete(one, "Force=true");
    Waiting.until(
        "the host of the one that is gone lets go of it",
        () -> {
          set(id, "flash_looked_at = null");
          return holders(id).equals(List.of(ofTwo));
        });
    groups.delete(two, "Force=true");
    groups.untilGone(two);
    assertThat(holders(id)).containsExactly(ofTwo);
    delete(id);
  }

  @Test
  void itsProgressIsThatOfTheStandardCopies() {
    String id = onThreeHosts();
    server
        .jdbc()
        .update(
            """
            update image_cache_copy set held_at = null, bytes_done = 0, next_try_at = 'infinity'
            where cache_id = ? and id > (select min(id) from image_cache_copy where cache_id = ?)
            """,
            id,
            id);
    assertThat(get(id).progress()).as("one of three has it, which is enough").isEqualTo("100%");
    set(id, "standard_copies = 2");
    assertThat(get(id).progress()).isEqualTo("50%");
    delete(id);
  }
}
