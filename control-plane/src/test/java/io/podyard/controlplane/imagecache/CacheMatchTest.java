package io.podyard.controlplane.imagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.imagecache.CacheMatch.Held;
import io.podyard.controlplane.imagecache.CacheMatch.Image;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cache serves a group best (contract section 13). */
class CacheMatchTest {

  private static Held cache(String id, int age, Image... images) {
    return new Held(id, id + ".1", Instant.EPOCH.minusSeconds(age), Arrays.asList(images), 20, 250);
  }

  private static Image image(String name, long bytes) {
    return new Image(name, "sha256:" + "%064x".formatted(name.hashCode()), bytes);
  }

  private static List<String> ranked(List<String> images, Held... caches) {
    return CacheMatch.ranked(images, List.of(caches)).stream()
        .map(match -> match.cache().id())
        .toList();
  }

  @Test
  void moreImagesCountMoreThanMoreBytesAndThoseMoreThanAge() {
    Held two = cache("two", 9, image("a", 1), image("b", 1));
    Held large = cache("large", 8, image("c", 100));
    Held old = cache("old", 7, image("a", 1));
    Held fresh = cache("fresh", 6, image("a", 1));
    Held other = cache("other", 0, image("d", 1000));
    assertThat(ranked(List.of("a", "b", "c"), old, other, large, fresh, two))
        .containsExactly("two", "large", "fresh", "old");
  }

  @Test
  void whatTheCacheHasBesidesDoesNotCountAndTheSameContentCountsOnce() {
    Image twin = new Image("twin", image("a", 5).digest(), 5);
    CacheMatch match =
        CacheMatch.of(List.of("a", "twin", "b"), cache("c", 0, image("a", 5), twin, image("x", 9)));
    assertThat(match.images().keySet()).containsExactlyInAnyOrder("a", "twin");
    assertThat(match.bytes()).isEqualTo(5);
    assertThat(match.isFull()).isFalse();
    assertThat(CacheMatch.of(List.of("a"), match.cache()).isFull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx:latest, true",
    "nginx:1, index.docker.io/nginx:1, true",
    "team/app, docker.io/team/app:latest, true",
    "registry.test:5000/a, REGISTRY.test:5000/a:latest, true",
    "localhost/a:1, localhost/a:1, true",
    "nginx:1, nginx:2, false",
    "nginx, registry.test/nginx, false",
    "a/nginx, b/nginx, false",
  })
  void anImageIsTheSameHoweverMuchItsNameLeavesOut(String held, String asked, boolean same) {
    assertThat(CacheMatch.of(List.of(asked), cache("c", 0, image(held, 1))).isFull())
        .isEqualTo(same);
  }

  @Test
  void aDigestSaysWhatIsMeant() {
    Image held = image("registry.test/a:1", 1);
    Held cache = cache("c", 0, held);
    String other = "sha256:" + "f".repeat(64);
    assertThat(CacheMatch.of(List.of("registry.test/a@" + held.digest()), cache).isFull()).isTrue();
    assertThat(CacheMatch.of(List.of("registry.test/a:9@" + held.digest()), cache).isFull())
        .isTrue();
    assertThat(CacheMatch.of(List.of("registry.test/a:1@" + other), cache).images()).isEmpty();
    assertThat(CacheMatch.of(List.of("registry.test/b@" + held.digest()), cache).images())
        .isEmpty();
  }
}
