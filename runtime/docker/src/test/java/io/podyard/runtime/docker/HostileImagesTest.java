package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Layers that lead out of their image. Podyard never unpacks a layer, it only checks and passes it
 * on; the engine either refuses such an image, and says so, or keeps all of it inside.
 */
@Timeout(120)
class HostileImagesTest extends EngineGround {

  private static final byte[] EVIL = "evil".getBytes(StandardCharsets.UTF_8);

  private final TestRegistry registry = new TestRegistry();

  /** What is of the host alone. */
  @TempDir private Path host;

  private Path secret;

  @BeforeEach
  void aSecret() throws IOException {
    secret = Files.writeString(host.resolve("secret"), "of the host");
  }

  @AfterEach
  void theHostIsAsItWas() throws IOException {
    registry.close();
    try (Stream<Path> files = Files.list(host)) {
      assertThat(files).containsExactly(secret);
    }
    assertThat(secret).hasContent("of the host");
    assertThat(Files.getAttribute(secret, "unix:nlink")).isEqualTo(1);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("escaped");
    }
    try (Stream<Path> blobs = Files.list(folder.resolve("content/blobs"))) {
      for (Path blob : blobs.toList()) {
        assertThat(TestImage.digest(Files.readAllBytes(blob)).replace(':', '-'))
            .isEqualTo(blob.getFileName().toString());
      }
    }
  }

  private record Entry(String name, byte kind, String link, byte[] content) {

    static Entry file(String name) {
      return new Entry(name, TarConstants.LF_NORMAL, "", EVIL);
    }

    static Entry link(String name, byte kind, String target) {
      return new Entry(name, kind, target, new byte[0]);
    }
  }

  private static byte[] layer(Entry... entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Entry entry : entries) {
        TarArchiveEntry head = new TarArchiveEntry(entry.name(), entry.kind(), true);
        head.setLinkName(entry.link());
        head.setMode(0666);
        head.setSize(entry.content().length);
        // Memory, if it is a device.
        head.setDevMajor(1);
        head.setDevMinor(1);
        tar.putArchiveEntry(head);
        tar.write(entry.content());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * An image of a busybox and these layers is refused, or runs a script that sees nothing of the
   * host.
   */
  private void tried(String script, byte[]... layers) throws Exception {
    byte[][] all = new byte[layers.length + 1][];
    try (GZIPInputStream busybox =
        new GZIPInputStream(
            new ByteArrayInputStream(EngineForTests.busybox().layers().getFirst()))) {
      all[0] = busybox.readAllBytes();
    }
    System.arraycopy(layers, 0, all, 1, layers.length);
    String name = "hostile-" + random(8);
    TestImage image = TestImage.ofUnpacked(engine.report().architecture(), all);
    registry.put(name, "1", image);
    String reference = registry.host() + "/" + name + ":1";
    // One stream, or what is said of a failure may come after the end.
    GroupSpec spec = spec(ContainerSpec.of("app", reference, "sh", "-c", "exec 2>&1; " + script));
    ContainerGroupId group = group(spec);
    try {
      engine.beginPull(
          new PullOrder(ALICE, group, reference, 0, List.of(), List.of(), List.of()), FENCE);
      ImageView view =
          eventually(() -> engine.image(group, reference), v -> !(v instanceof ImageView.Pulling));
      if (view instanceof ImageView.Failed failed) {
        assertThat(failed.reason()).isEqualTo("ErrImagePull");
        assertThat(failed.message()).startsWith("the engine does not take the image: ");
      } else {
        assertThat(view).isInstanceOf(ImageView.Present.class);
        start(group, spec, "app");
        ended(group, "app");
        assertThat(log(group, "app")).doesNotContain("of the host").endsWith("ended\n");
      }
    } finally {
      EngineObjects.removeAll(engine, installation);
      EngineObjects.removeImage(TestImage.digest(image.config()));
    }
  }

  @Test
  void namesThatClimbOutStayInside() throws Exception {
    String up = "../".repeat(30);
    tried("echo ended", layer(Entry.file(up + host + "/escaped")));
    tried("echo ended", layer(Entry.file("a/../../" + up + host + "/escaped")));
    tried("echo ended", layer(Entry.file("../escaped"), Entry.file("../../escaped")));
  }

  @Test
  void absoluteNamesAreOfTheImage() throws Exception {
    tried("echo ended", layer(Entry.file(host + "/escaped")));
    tried("echo ended", layer(Entry.file("//" + host + "/escaped")));
  }

  @Test
  void linksAreNotFollowedOutOfTheImage() throws Exception {
    for (String target : List.of(host.toString(), "../".repeat(30) + host, "/proc/1/root" + host)) {
      Entry way = Entry.link("way", TarConstants.LF_SYMLINK, target);
      tried("cat /way/secret; echo ended", layer(way, Entry.file("way/escaped")));
      tried("cat /way/secret; echo ended", layer(way), layer(Entry.file("way/escaped")));
    }
    tried(
        "echo ended",
        layer(Entry.link("file", TarConstants.LF_SYMLINK, host + "/escaped"), Entry.file("file")));
  }

  @Test
  void nothingOfTheHostIsLinkedIntoTheImage() throws Exception {
    for (String target : List.of(secret.toString(), "../".repeat(30) + secret)) {
      tried("cat /stolen; echo ended", layer(Entry.link("stolen", TarConstants.LF_LINK, target)));
    }
  }

  @Test
  void devicesOfAnImageCannotBeOpened() throws Exception {
    tried(
        "cat /memory >/taken && echo 'of the host'; echo ended",
        layer(Entry.link("memory", TarConstants.LF_CHR, "")),
        layer(Entry.link("pipe", TarConstants.LF_FIFO, "")));
  }
}
