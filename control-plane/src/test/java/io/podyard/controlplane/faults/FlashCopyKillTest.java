package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The server dies when it was decided that hosts let go of flash copies, and they have not done so,
 * or it was not noted. Then they do, and the standard copy stays.
 */
class FlashCopyKillTest {

  /** The first one is the short form. */
  private static final List<String> POINTS =
      List.of(
          "releaseImages:before:1",
          "releaseImages:after:1",
          "releaseImages:after:2",
          "clearCopy:before:1",
          "clearCopy:after:1");

  private static final Duration LONGEST = Duration.ofMinutes(6);

  @Test
  void killedBeforeHostsLetGoOfFlashCopiesTheyDoSoAfterwards() throws Exception {
    List<String> points = POINTS.subList(0, Length.of(1, POINTS.size()));
    Map<String, String> settings =
        Map.of("PODYARD_SIMULATED_HOSTS", "3", "PODYARD_IMAGECACHES_FLASHGRACE", "3s");
    try (ServerProcess server = ServerProcess.in("flashcopies", settings).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      server.kill9();
      for (String point : points) {
        server.start(Map.of("PODYARD_CRASH_AT", point));
        PatientClient client = new PatientClient(server::client, new Told());
        String token = point.replace(':', '-');
        String cache = made(client, token);
        assertThat(server.diedWithin(Duration.ofMinutes(2))).as(point).isTrue();
        assertThat(count(inspection, "finished_at is not null and cache_id = '" + cache + "'"))
            .as("flash copies that are to go: %s", point)
            .isEqualTo(2);
        server.start();
        Waiting.until(
            "one host is left: " + point,
            LONGEST,
            () -> count(inspection, "cleared_at is null") == 1);
        assertThat(count(inspection, "held_at is not null and finished_at is null")).isOne();
        Waiting.until(
            "it holds it: " + point,
            LONGEST,
            () -> inspection.heldCachesAre(held -> held.equals(Set.of(cache + ".1"))));
        inspection.mustBeContent();
        remove(client, token, cache);
        Waiting.until(
            "nothing is left: " + point, LONGEST, () -> inspection.heldCachesAre(Set::isEmpty));
        Waiting.until(
            "and that is noted: " + point,
            LONGEST,
            () -> count(inspection, "cleared_at is null") == 0);
        server.kill9();
      }
      server.start();
      inspection.mustBeContent();
      assertThat(server.errors()).isEmpty();
    }
  }

  private static int count(Inspection inspection, String which) {
    return Objects.requireNonNull(
        inspection
            .jdbc()
            .queryForObject("select count(*) from image_cache_copy where " + which, Integer.class));
  }

  /** One that all three hosts get first and one is to keep. */
  private static String made(PatientClient client, String token) {
    return Objects.requireNonNull(
        client
            .repeated(
                Action.CREATE_IMAGE_CACHE,
                Map.of(
                    "ClientToken", token,
                    "ImageCacheName", "flash",
                    "Flash", "true",
                    "FlashCopyCount", "3",
                    "Image.1", "podyard/app:1"),
                CreateImageCacheResponse.class)
            .imageCacheId());
  }

  private static void remove(PatientClient client, String token, String cache) {
    Object _ =
        client.repeated(
            Action.DELETE_IMAGE_CACHE,
            Map.of("ClientToken", "end-" + token, "ImageCacheId", cache),
            Action.DELETE_IMAGE_CACHE.responseType());
  }
}
