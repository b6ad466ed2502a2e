package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry, a store without an engine, and fetchers between them. */
abstract class FetchGround {

  static final AccountId ALICE = new AccountId("alice");
  static final AccountId BOB = new AccountId("bob");
  static final ContainerGroupId GROUP = new ContainerGroupId("g1");
  static final Fence FENCE = new OpenFence(1);

  /** Fast failures; attempts at most 3. */
  static final FetchLimits LIMITS =
      new FetchLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofSeconds(20),
          3,
          Duration.ofMillis(1),
          Duration.ofSeconds(10),
          2,
          4,
          10 << 20);

  @TempDir Path folder;
  final TestRegistry registry = new TestRegistry();
  final MemoryStore store = new MemoryStore();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final Semaphore news = new Semaphore(0);
  private final List<ImageFetcher> fetchers = new ArrayList<>();
  ImageFetcher fetcher;

  @BeforeEach
  void open() {
    fetcher = fetcher(LIMITS, false, false);
  }

  /** A fresh one over the same folder, as after a restart. */
  ImageFetcher fetcher(FetchLimits limits, boolean useLocal, boolean enginePull) {
    ImageFetcher made =
        new ImageFetcher(
            store,
            content(),
            new FetcherSettings("engine", folder, limits, useLocal, enginePull, 1L << 40, 1L << 40),
            InstantSource.system(),
            _ -> news.release(),
            pauses::add,
            new Random(7));
    return add(made);
  }

  /** Closed in the end. */
  ImageFetcher add(ImageFetcher made) {
    fetchers.add(made);
    return made;
  }

  List<ImageFetcher> fetchers() {
    return List.copyOf(fetchers);
  }

  ContentStore content() {
    return ContentStore.open(folder.resolve("content"), 1L << 30, InstantSource.system());
  }

  @AfterEach
  void close() {
    fetchers.forEach(ImageFetcher::close);
    registry.close();
  }

  /** An image with layers of noise, which does not pack well. */
  static TestImage image(String mediaType, int seed, int... sizes) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new TreeMap<>();
    for (int size : sizes) {
      byte[] noise = new byte[size];
      random.nextBytes(noise);
      files.put("file-" + files.size(), noise);
    }
    return TestImage.of(mediaType, "amd64", files);
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  String name(String rest) {
    return registry.host() + "/" + rest;
  }

  PullOrder order(AccountId account, ContainerGroupId group, String image, int retry) {
    return new PullOrder(account, group, image, retry, List.of(), List.of(), List.of());
  }

  PullOrder order(String image) {
    return order(ALICE, GROUP, image, 0);
  }

  PullOrder withLogin(AccountId account, ContainerGroupId group, String image, String password) {
    return new PullOrder(
        account,
        group,
        image,
        0,
        List.of(new RegistryCredential(registry.host(), "user", new Secret(password))),
        List.of(),
        List.of());
  }

  /** Fetches and waits for the end. */
  ImageView fetch(ImageFetcher by, PullOrder order) throws Exception {
    by.begin(order, FENCE);
    return await(by, order);
  }

  ImageView fetch(PullOrder order) throws Exception {
    return fetch(fetcher, order);
  }

  ImageView await(ImageFetcher by, PullOrder order) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      ImageView view = by.view(order.account(), order.group(), order.image());
      if (!(view instanceof ImageView.Pulling)) {
        return view;
      }
      assertThat(System.nanoTime()).as("still %s", view).isLessThan(deadline);
      boolean _ = news.tryAcquire(100, TimeUnit.MILLISECONDS);
    }
  }

  static ImageView.Failed failed(ImageView view) {
    assertThat(view).isInstanceOf(ImageView.Failed.class);
    ImageView.Failed failed = (ImageView.Failed) view;
    assertThat(failed.reason()).isEqualTo("ErrImagePull");
    return failed;
  }
}
