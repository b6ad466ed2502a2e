package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.pod.ImageView;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which images go again from an engine that has room for two. */
class ImageRoomTest extends ContentGround {

  private final MemoryStore engine = new MemoryStore();
  private ImageFetcher small;

  @BeforeEach
  void fill() throws Exception {
    small = engine("small", engine, content(), 3 * MemoryStore.BYTES, 2 * MemoryStore.BYTES);
    for (int i = 0; i < 3; i++) {
      start(i);
      used(i, Duration.ofHours(9 - i));
    }
  }

  private static TestImage image(int number) {
    return image(TestImage.DOCKER, number, 1000 + number);
  }

  private static String id(int number) {
    return TestImage.digest(image(number).config());
  }

  private void start(int number) throws Exception {
    String name = name("app" + number + ":1");
    registry.put("app" + number, "1", image(number));
    assertThat(fetch(small, order(ALICE, new ContainerGroupId("g" + number), name, 0)))
        .isInstanceOf(ImageView.Present.class);
  }

  private void used(int number, Duration before) throws Exception {
    Path file = folder.resolve("small/used").resolve(Digest.hex(id(number)));
    assertThat(file).exists();
    age(file, before);
  }

  private boolean has(int number) throws Exception {
    return engine.has(id(number));
  }

  @Test
  void beyondTheUpperMarkThoseNotUsedForLongestGoDownToTheLowerOne() throws Exception {
    assertThat(has(0) && has(1) && has(2)).isTrue();
    assertThat(small.imageId(ALICE, name("app0:1"))).contains(id(0));

    start(3);

    assertThat(new HeldImages(small).images())
        .as("what is told to be there")
        .hasSize(2)
        .allSatisfy(
            image -> {
              assertThat(image.image()).isIn(name("app0:1"), name("app3:1"));
              assertThat(image.bytes()).isPositive();
              assertThat(image.account()).isNull();
            });
    assertThat(has(0)).as("used just now").isTrue();
    assertThat(has(1)).isFalse();
    assertThat(has(2)).isFalse();
    assertThat(has(3)).isTrue();
    assertThat(folder.resolve("small/used").resolve(Digest.hex(id(1)))).doesNotExist();
    assertThat(small.imageId(ALICE, name("app1:1"))).isEmpty();
    assertThat(registry.asked(id(1))).hasSize(1);
    assertThat(fetch(small, order(ALICE, new ContainerGroupId("again"), name("app1:1"), 0)))
        .isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(id(1))).as("the content is kept").hasSize(1);
  }

  @Test
  void whatContainersAreMadeOfAndCachesHoldStays() throws Exception {
    engine.containers.add(id(0));
    hold(small, CACHE, name("app1:1"));
    used(1, Duration.ofHours(8));

    start(3);

    assertThat(has(0) && has(1)).isTrue();
    assertThat(has(2)).isFalse();
    assertThat(has(3)).isTrue();
  }

  @Test
  void whatOthersBroughtIsNotTouched() throws Exception {
    engine.tag("docker.io/library/theirs:1", "theirs");
    engine.tag("docker.io/library/both:1", id(0));

    start(3);

    assertThat(engine.has("theirs")).isTrue();
    assertThat(has(0)).as("under their name").isTrue();
    assertThat(engine.named(ImageReference.OWN_HOST)).doesNotContainValue(id(0));
  }

  @Test
  void whatOnlyAReleasedCacheHeldGoesAtOnce() throws Exception {
    hold(small, CACHE, name("app0:1"));
    hold(small, "imc-2.1", name("app0:1"));
    hold(small, CACHE, name("app1:1"));
    engine.containers.add(id(1));

    new HeldImages(small).release(INSTALLATION, CACHE, FENCE);
    assertThat(has(0)).as("held by the other").isTrue();
    assertThat(has(1)).as("runs").isTrue();

    new HeldImages(small).release(INSTALLATION, "imc-2.1", FENCE);
    assertThat(has(0)).isFalse();
    assertThat(has(2)).isTrue();
  }
}
