package io.podyard.controlplane.faults;

import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.util.Map;
import java.util.Random;

/** Images of a registry that takes its time; all of them share a layer. */
final class SlowImages implements AutoCloseable {

  private static final int IMAGES = 20;
  private static final int LAYER_BYTES = 300_000;

  /** A layer takes about a third of a second. */
  private static final int BYTES_PER_SECOND = 900_000;

  private final TestRegistry registry = new TestRegistry();

  /**
   * @param seed of what is in them
   */
  SlowImages(long seed) {
    Random random = new Random(seed);
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    byte[] shared = bytes(random);
    for (int i = 0; i < IMAGES; i++) {
      Map<String, byte[]> files = Map.of("shared", shared, "own", bytes(random));
      registry.put("slow/app-" + i, "1", TestImage.of(TestImage.DOCKER, architecture, files));
    }
    registry.always("/blobs/", new TestRegistry.Misbehaviour.Slow(BYTES_PER_SECOND));
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[LAYER_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  /** One of them; of other numbers another one, up to a point. */
  String name(int number) {
    return registry.host() + "/slow/app-" + number % IMAGES + ":1";
  }

  @Override
  public void close() {
    registry.close();
  }
}
