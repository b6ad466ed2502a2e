package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.web.Pause;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Fetches images for the groups of one engine, in the background and a few at a time, and knows
 * which images an account may use.
 */
public final class ImageFetcher implements AutoCloseable {

  /** Each costs a question to the engine; of a name that moves on, older ones are hardly wanted. */
  private static final int MOST_LOOKED_FOR = 8;

  private final FetchTools tools;
  private final boolean useLocalImages;
  private final Consumer<ContainerGroupId> changed;
  private final GroupFetches fetches = new GroupFetches();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("podyard-fetch-", 0).factory());
  private final Semaphore turns;

  /**
   * @param content what was fetched, for all engines
   * @param changed told of a group whose fetch ended
   */
  public ImageFetcher(
      ImageStore store,
      ContentStore content,
      FetcherSettings settings,
      InstantSource clock,
      Consumer<ContainerGroupId> changed) {
    this(store, content, settings, clock, changed, Pause.SLEEP, new SecureRandom());
  }

  ImageFetcher(
      ImageStore store,
      ContentStore content,
      FetcherSettings settings,
      InstantSource clock,
      Consumer<ContainerGroupId> changed,
      Pause pause,
      RandomGenerator random) {
    this.tools =
        new FetchTools(
            new RegistryHttp(settings.limits(), random),
            settings.limits(),
            content,
            settings.engine(),
            new ImageIndex(settings.folder().resolve("images.json")),
            store,
            new ImageRoom(store, settings, clock),
            settings.enginePull(),
            new KeyedLocks(),
            pause,
            clock);
    this.useLocalImages = settings.useLocalImages();
    this.changed = changed;
    this.turns = new Semaphore(settings.limits().parallelFetches(), true);
  }

  /**
   * What is known of an image.
   *
   * @param account for whom; null if it is not known
   */
  public ImageView view(@Nullable AccountId account, ContainerGroupId group, String name)
      throws RuntimeUnavailableException {
    ImageReference image;
    try {
      image = ImageReference.parse(name);
    } catch (FetchFailure e) {
      return new ImageView.Failed(e.reason(), String.valueOf(e.getMessage()), 0);
    }
    return switch (fetches.find(group, name)) {
      case GroupFetches.Running(int _, FetchProgress progress) ->
          new ImageView.Pulling(progress.bytes(), progress.total(), progress.registryBytes());
      case GroupFetches.Broken broken -> {
        Optional<ImageIndex.Usable> usable = usable(account, image);
        boolean newer = usable.isPresent() && usable.get().fetchedAt().isAfter(broken.at());
        yield newer ? new ImageView.Present() : broken.failure();
      }
      case GroupFetches.Done(int _, ImageView.Present there) ->
          imageId(account, image).isPresent() ? there : new ImageView.Absent();
      case GroupFetches.None _ -> unfetched(account, image);
    };
  }

  /** Which images of the name are there although nobody fetched one for this group. */
  private ImageView unfetched(@Nullable AccountId account, ImageReference image)
      throws RuntimeUnavailableException {
    List<ImageIndex.Usable> named = tools.index().named(account, image, MOST_LOOKED_FOR);
    Map<String, Long> held = new LinkedHashMap<>();
    for (ImageIndex.Usable usable : named) {
      if (tools.store().has(usable.imageId())) {
        held.put(usable.image().manifest(), usable.image().bytes());
      }
    }
    boolean newest = !named.isEmpty() && held.containsKey(named.getFirst().image().manifest());
    return newest || local(image).isPresent()
        ? ImageView.Present.holding(held)
        : new ImageView.Absent();
  }

  /** The same where no cache has it. */
  public Optional<String> imageId(@Nullable AccountId account, String name)
      throws RuntimeUnavailableException {
    return imageId(account, name, Optional.empty());
  }

  /**
   * The id of the image that a name stands for, if the engine has it for this account; it counts as
   * used then.
   *
   * @param account for whom; null if it is not known
   * @param cached which image of that name it is to be if that one is there
   */
  public Optional<String> imageId(
      @Nullable AccountId account, String name, Optional<CachedImage> cached)
      throws RuntimeUnavailableException {
    try {
      Optional<String> id = imageId(account, ImageReference.parse(name), cached);
      id.ifPresent(tools.room()::noteUse);
      return id;
    } catch (FetchFailure e) {
      return Optional.empty();
    }
  }

  private Optional<String> imageId(
      @Nullable AccountId account, ImageReference image, Optional<CachedImage> cached)
      throws RuntimeUnavailableException {
    if (cached.isPresent()) {
      Optional<ImageIndex.Usable> usable =
          tools.index().usable(account, image, cached.get().digest());
      if (usable.isPresent() && tools.store().has(usable.get().imageId())) {
        return usable.map(ImageIndex.Usable::imageId);
      }
    }
    return imageId(account, image);
  }

  private Optional<String> imageId(@Nullable AccountId account, ImageReference image)
      throws RuntimeUnavailableException {
    Optional<ImageIndex.Usable> usable = usable(account, image);
    if (usable.isPresent()) {
      return usable.map(ImageIndex.Usable::imageId);
    }
    return local(image);
  }

  /** What the engine has under a name of its own, where that may be used. */
  private Optional<String> local(ImageReference image) throws RuntimeUnavailableException {
    return useLocalImages || tools.store().isBuiltIn(image)
        ? tools.store().local(image)
        : Optional.empty();
  }

  private Optional<ImageIndex.Usable> usable(@Nullable AccountId account, ImageReference image)
      throws RuntimeUnavailableException {
    Optional<ImageIndex.Usable> usable = tools.index().usable(account, image);
    return usable.isPresent() && tools.store().has(usable.get().imageId())
        ? usable
        : Optional.empty();
  }

  /** Begins a fetch, unless the same one is under way or has ended. */
  public void begin(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    ImageReference image;
    try {
      image = ImageReference.parse(order.image());
    } catch (FetchFailure e) {
      fetches.end(
          order, new GroupFetches.Broken(order.retry(), failed(e), tools.clock().instant()));
      return;
    }
    if (tools.store().isBuiltIn(image)) {
      tools.store().ensureBuiltIn(fence);
      fetches.end(order, new GroupFetches.Done(order.retry(), new ImageView.Present()));
      return;
    }
    fence.check();
    Optional<String> there = imageId(order.account(), image);
    there.ifPresent(tools.room()::noteUse);
    boolean present = there.isPresent();
    FetchProgress progress = new FetchProgress();
    if (fetches.begin(order, progress, present)) {
      threads.execute(() -> fetch(order, image, progress, fence));
    }
  }

  private void fetch(PullOrder order, ImageReference image, FetchProgress progress, Fence fence) {
    FetchTime time =
        new FetchTime(tools.limits().total(), () -> !fetches.runs(order, progress), tools.pause());
    GroupFetches.State end;
    try {
      turns.acquire();
      try {
        time.check();
        FetchedImage fetched =
            new ImageFetch(tools, WantedImage.of(order, image), progress, time, fence).run();
        end = new GroupFetches.Done(order.retry(), fetched.present());
      } finally {
        turns.release();
      }
    } catch (FetchFailure e) {
      end = new GroupFetches.Broken(order.retry(), failed(e), tools.clock().instant());
    } catch (RuntimeUnavailableException e) {
      FetchFailure failure = FetchFailure.pull("the engine cannot be reached: " + e.getMessage());
      end = new GroupFetches.Broken(order.retry(), failed(failure), tools.clock().instant());
    } catch (StaleFenceException e) {
      // Whoever drives the host now begins a fetch of its own.
      end = new GroupFetches.None();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end = new GroupFetches.None();
    } catch (RuntimeException | Error e) {
      // Also without memory: what is said to be under way for ever is never begun again.
      FetchFailure failure = FetchFailure.pull("the fetch failed: " + e);
      end = new GroupFetches.Broken(order.retry(), failed(failure), tools.clock().instant());
    }
    if (fetches.runs(order, progress)) {
      fetches.end(order, end);
    }
    changed.accept(order.group());
  }

  private static ImageView.Failed failed(FetchFailure failure) {
    return new ImageView.Failed(
        failure.reason(), String.valueOf(failure.getMessage()), failure.retryAfterSeconds());
  }

  /**
   * Brings an image for a cache, on the caller's thread.
   *
   * @throws FetchFailure if it cannot be had
   */
  FetchedImage bring(WantedImage wanted, FetchProgress progress, FetchTime time, Fence fence)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    turns.acquire();
    try {
      time.check();
      return new ImageFetch(tools, wanted, progress, time, fence).run();
    } finally {
      turns.release();
    }
  }

  /** Whether all fetches end in so much time. */
  boolean isIdleWithin(Duration time) throws InterruptedException {
    int all = tools.limits().parallelFetches();
    boolean idle = turns.tryAcquire(all, time.toNanos(), TimeUnit.NANOSECONDS);
    if (idle) {
      turns.release(all);
    }
    return idle;
  }

  FetchTools tools() {
    return tools;
  }

  /** Gives up what is fetched for a group that is gone. */
  public void forget(ContainerGroupId group) {
    fetches.forget(group);
  }

  /** Gives up all fetches. */
  @Override
  public void close() {
    threads.shutdownNow();
    tools.http().close();
  }
}
