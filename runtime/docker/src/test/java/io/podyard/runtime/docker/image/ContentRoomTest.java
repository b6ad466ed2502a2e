package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.web.Pause;
import io.podyard.runtime.pod.ImageView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Room for what is kept: what goes, what stays, and what a full disk does. */
class ContentRoomTest extends ContentGround {

  @Test
  void whatWasNotUsedForLongestGoesFirstAndNeverWhatIsHeld() throws Exception {
    ContentStore small = content(700_000, () -> 1L << 40);
    ImageFetcher on = engine("small", new MemoryStore(), small);
    String app = app();
    hold(on, CACHE, app);
    age(blob(layer), Duration.ofDays(9));
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      TestImage other = image(TestImage.DOCKER, 10 + i, 300_000);
      registry.put("other" + i, "1", other);
      others.add(TestImage.digest(other.layers().getFirst()));
      assertThat(
              fetch(on, order(ALICE, new ContainerGroupId("o" + i), name("other" + i + ":1"), 0)))
          .isInstanceOf(ImageView.Present.class);
      age(blob(others.get(i)), Duration.ofHours(9 - i));
    }

    assertThat(blob(others.get(0))).doesNotExist();
    assertThat(blob(others.get(1))).doesNotExist();
    assertThat(blob(others.get(2))).exists();
    assertThat(blob(layer)).exists();
  }

  @Test
  void theLastOneThatHoldsAPartFreesIt() throws Exception {
    String app = app();
    TestImage more = image(TestImage.DOCKER, 1, 300_000, 200_000);
    String second = TestImage.digest(more.layers().getLast());
    registry.put("more", "1", more);
    ImageFetcher other = engine("other", new MemoryStore(), content());
    hold(fetcher, CACHE, app);
    hold(fetcher, "imc-2.1", name("more:1"));
    hold(other, CACHE, app);
    // Both images have the layer, which is stored once.
    assertThat(in("blobs")).hasSize(4);

    new HeldImages(fetcher).release(INSTALLATION, "imc-2.1", FENCE);
    assertThat(in("blobs")).containsExactlyInAnyOrder(blob(layer), blob(config));
    new HeldImages(fetcher).release(INSTALLATION, CACHE, FENCE);
    assertThat(in("blobs")).containsExactlyInAnyOrder(blob(layer), blob(config));
    new HeldImages(other).release(INSTALLATION, CACHE, FENCE);
    assertThat(in("blobs")).isEmpty();
    assertThat(in("served")).isEmpty();
    assertThat(in("checked")).isEmpty();
    assertThat(blob(second)).doesNotExist();
  }

  @Test
  void whatIsInUseDoesNotGo() throws Exception {
    ContentStore small = content(0, () -> 1L << 40);
    Manifest.Descriptor blob = new Manifest.Descriptor("", layer, image.layers().getFirst().length);
    FetchTime time = new FetchTime(Duration.ofSeconds(20), () -> false, Pause.SLEEP);

    try (ContentStore.Lease lease =
        small.take("o", blob, time, part -> Files.write(part, image.layers().getFirst()))) {
      small.tidy();
      assertThat(lease.file()).exists();
    }
    small.tidy();
    assertThat(blob(layer)).doesNotExist();
  }

  @Test
  void aFullDiskIsToldPlainlyAndNothingIsLeft() throws Exception {
    ImageFetcher on = engine("full", new MemoryStore(), content(1L << 30, () -> 65L << 20));
    registry.put("large", "1", image(TestImage.DOCKER, 3, 2 << 20));

    assertThat(failed(fetch(on, order(name("large:1")))).message())
        .contains("cannot be kept in")
        .contains("its disk is full")
        .contains(String.valueOf(65L << 20));
    assertThat(in("parts")).isEmpty();

    assertThatThrownBy(
            () -> new HeldImages(on).hold(copy(CACHE, name("large:1")), FENCE, CopyProgress.NONE))
        .isInstanceOf(ImageNotFetchedException.class)
        .hasMessageContaining("its disk is full");
  }

  @Test
  void roomIsMadeOnADiskThatIsFull() throws Exception {
    String app = app();
    fetch(order(app));
    long total = 64L << 20;
    ContentStore tight = content(1L << 30, () -> total + 400_000 - size("blobs"));
    ImageFetcher on = engine("tight", new MemoryStore(), tight);
    registry.put("other", "1", image(TestImage.DOCKER, 4, 300_000));

    assertThat(fetch(on, order(name("other:1")))).isInstanceOf(ImageView.Present.class);

    assertThat(blob(layer)).doesNotExist();
  }

  private long size(String part) throws IOException {
    return in(part).stream().mapToLong(p -> p.toFile().length()).sum();
  }

  @Test
  void theSweepRemovesWhatNobodyNeedsAndNothingElse() throws Exception {
    HeldImage held = hold(fetcher, CACHE, app());
    ContentFolder content = ContentFolder.of(folder.resolve("content"));
    Path dead = Files.writeString(content.fresh().resolve("dead"), "half");
    Path living = Files.writeString(content.fresh().resolve("living"), "half");
    Path old = Files.writeString(content.parts().resolve("old"), "half");
    Path young = Files.writeString(content.parts().resolve("young"), "half");
    age(old, Duration.ofHours(13));
    Path note = content.served("o", "sha256:gone");
    content.note(note, new byte[0]);
    age(content.allServed().resolve("sha256-gone"), Duration.ofHours(13));
    for (Path manifest : in("manifests")) {
      age(manifest, Duration.ofDays(31));
    }

    try (FolderLocks.Held _ =
        content.locks().tryAlone(ContentFolder.fresh("living")).orElseThrow()) {
      content().tidy();
      assertThat(dead).doesNotExist();
      assertThat(living).exists();
      assertThat(old).doesNotExist();
      assertThat(young).exists();
      assertThat(note).doesNotExist();
      // Its configuration is here, so it may be asked for.
      assertThat(in("manifests")).hasSize(1);
      assertThat(in("pinned")).hasSize(1);
    }
    assertThat(new HeldImages(fetcher).caches(INSTALLATION)).containsExactly(CACHE);
    for (Path pin : in("pinned")) {
      age(pin, Duration.ofHours(25));
    }
    // Whoever looks after the caches of an engine says so each time.
    assertThat(new HeldImages(fetcher).caches(INSTALLATION)).containsExactly(CACHE);
    content(0, () -> 1L << 40).tidy();
    assertThat(blob(layer)).exists();

    for (Path pin : in("pinned")) {
      age(pin, Duration.ofHours(25));
    }
    for (Path manifest : in("manifests")) {
      age(manifest, Duration.ofDays(31));
    }
    content(0, () -> 1L << 40).tidy();
    content(0, () -> 1L << 40).tidy();
    assertThat(in("blobs")).isEmpty();
    assertThat(in("pinned")).isEmpty();
    assertThat(in("manifests")).isEmpty();
    assertThat(in("granted")).isEmpty();
    assertThat(held.digest()).isEqualTo(TestImage.digest(image.manifest()));
  }
}
