package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.docker.data.DataBlobs;
import io.podyard.runtime.docker.testing.TestImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Archives of data caches beside layers: the same locks, and one limit. */
class ContentArchivesTest extends ContentGround {

  private static final int BYTES = 200_000;
  private static final ContentRoom.Disk ROOMY = () -> 1L << 40;

  private static byte[] noise(int seed) {
    byte[] noise = new byte[BYTES];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private static String put(DataBlobs archives, byte[] content) throws Exception {
    return archives.<IOException>put(out -> out.write(content));
  }

  @Test
  void whatIsPutIsThereForEveryEngineUnderItsDigestAndOnce() throws Exception {
    byte[] content = noise(1);
    String digest = put(content().archives(), content);

    assertThat(digest).isEqualTo(TestImage.digest(content));
    assertThat(put(content().archives(), content)).isEqualTo(digest);
    assertThat(in("blobs")).containsExactly(blob(digest));
    assertThat(in("new")).isEmpty();
    assertThat(content().archives().has(digest)).isTrue();
    try (InputStream in = content().archives().open(digest)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void whatCouldNotBeWrittenLeavesNothing() throws Exception {
    DataBlobs archives = content().archives();
    assertThatThrownBy(
            () ->
                archives.<IOException>put(
                    out -> {
                      out.write(noise(1));
                      throw new IOException("on purpose");
                    }))
        .hasMessage("on purpose");
    assertThat(in("blobs")).isEmpty();
    assertThat(in("new")).isEmpty();
    assertThat(in("pinned")).isEmpty();
    assertThat(archives.has("sha256:" + "0".repeat(64))).isFalse();
    assertThat(archives.has("../../etc/passwd")).isFalse();
    assertThatThrownBy(() -> archives.open("sha256:" + "0".repeat(64)))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFullDiskIsSaidBeforeTheSourceIsRead() throws Exception {
    DataBlobs archives = content(1L << 30, () -> 1000).archives();
    assertThatThrownBy(() -> put(archives, noise(1))).hasMessageContaining("its disk is full");
  }

  @Test
  void aDiskThatFillsUpWhileAnArchiveIsWrittenEndsIt() throws Exception {
    AtomicLong free = new AtomicLong(1L << 40);
    DataBlobs archives = content(1L << 30, free::get).archives();
    byte[] some = new byte[5 << 20];
    assertThatThrownBy(
            () ->
                archives.<IOException>put(
                    out -> {
                      out.write(some);
                      free.set(1000);
                      out.write(some);
                    }))
        .hasMessageContaining("its disk is full");
    assertThat(in("new")).isEmpty();
    assertThat(in("blobs")).isEmpty();
  }

  @Test
  void whatAHostHasGoesForWhatIsNewer() throws Exception {
    ContentStore store = content(BYTES + 1000, ROOMY);
    String old = put(store.archives(), noise(1));
    store.archives().letGo(old);
    assertThat(in("blobs")).as("there is room for it").hasSize(1);
    String next = put(store.archives(), noise(2));

    assertThat(in("blobs")).containsExactly(blob(next));
    assertThat(store.archives().has(old)).isFalse();
  }

  @Test
  void anArchiveStaysForADayAndThenGoesForWhatIsNewer() throws Exception {
    ContentStore store = content(BYTES + 1000, ROOMY);
    String old = put(store.archives(), noise(1));
    String next = put(store.archives(), noise(2));
    assertThat(in("blobs")).as("more than the limit").hasSize(2);

    for (Path pin : in("pinned")) {
      age(pin, Duration.ofHours(25));
    }
    age(blob(old), Duration.ofHours(25));
    assertThat(store.archives().has(next)).isTrue();
    content(BYTES + 1000, ROOMY).tidy();

    assertThat(store.archives().has(old)).isFalse();
    assertThat(store.archives().has(next)).isTrue();
  }

  @Test
  void nothingRemovesWhatIsRead() throws Exception {
    ContentStore store = content();
    String digest = put(store.archives(), noise(1));
    DurableFiles.delete(folder.resolve("content/pinned"));
    ContentRoom room =
        new ContentRoom(
            ContentFolder.of(folder.resolve("content")), 0, ROOMY, InstantSource.system());

    try (InputStream in = store.archives().open(digest)) {
      assertThat(in.read()).isNotNegative();
      room.free(Set.of(digest));
      assertThat(blob(digest)).exists();
    }
    room.free(Set.of(digest));
    assertThat(blob(digest)).doesNotExist();
  }

  @Test
  void whatWasSpoiledOnTheDiskIsNotTakenForWholeAndGoes() throws Exception {
    DataBlobs archives = content().archives();
    String digest = put(archives, noise(1));
    byte[] bytes = Files.readAllBytes(blob(digest));
    bytes[1000] ^= 1;
    Files.write(blob(digest), bytes);

    try (InputStream in = archives.open(digest)) {
      assertThatThrownBy(in::readAllBytes).hasMessageContaining("is damaged");
    }
    assertThat(archives.has(digest)).isFalse();
    assertThat(put(archives, noise(1))).isEqualTo(digest);
    assertThat(archives.has(digest)).isTrue();
  }

  @Test
  void nobodyGetsAnArchiveAsALayer() throws Exception {
    String digest = put(content().archives(), noise(1));
    FetchTime time = new FetchTime(Duration.ofSeconds(5), () -> false, pauses::add);
    assertThat(
            content()
                .find(
                    "https://registry/app",
                    new Manifest.Descriptor("application/x-tar", digest, BYTES),
                    time))
        .isEmpty();
  }
}
