package io.podyard.runtime.docker.image;

import io.podyard.model.InstallationId;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an engine holds for image caches. A held image has a name of ours for each cache that holds
 * it; nothing else says that it is held, so whoever looks at the engine sees all of it, whatever
 * died before.
 */
public final class HeldImages {

  static final String REPOSITORY = ImageReference.OWN_HOST + "/cache";
  private static final long TOLD_MILLIS = 500;

  private final ImageFetcher fetcher;
  private final FetchTools tools;

  public HeldImages(ImageFetcher fetcher) {
    this.fetcher = fetcher;
    this.tools = fetcher.tools();
  }

  /** Brings the images of a cache and holds them. */
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    try {
      String holder = holder(order.installation(), order.cache());
      Map<String, WantedImage> wanted = new LinkedHashMap<>();
      for (String name : order.images()) {
        wanted.put(name, WantedImage.of(order, ImageReference.parse(name), holder));
      }
      fence.check();
      return hold(order, wanted, fence, progress);
    } catch (FetchFailure e) {
      ImageNotFetchedException failure =
          new ImageNotFetchedException(
              e.reason(), String.valueOf(e.getMessage()), e.retryAfterSeconds());
      failure.initCause(e);
      throw failure;
    }
  }

  private List<HeldImage> hold(
      ImageCopyOrder order, Map<String, WantedImage> wanted, Fence fence, CopyProgress progress)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    FetchTime time = new FetchTime(tools.limits().total(), over::get, tools.pause());
    Map<String, FetchProgress> counts = new LinkedHashMap<>();
    Map<String, Future<HeldImage>> running = new LinkedHashMap<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("podyard-hold-", 0).factory())) {
      wanted.forEach(
          (name, image) -> {
            FetchProgress count = new FetchProgress();
            counts.put(name, count);
            running.put(name, threads.submit(() -> hold(order, name, image, count, time, fence)));
          });
      try {
        List<HeldImage> held = new ArrayList<>();
        for (Future<HeldImage> one : running.values()) {
          held.add(await(one, counts, progress));
        }
        tell(counts, progress);
        return held;
      } finally {
        over.set(true);
        threads.shutdownNow();
      }
    }
  }

  private static HeldImage await(
      Future<HeldImage> one, Map<String, FetchProgress> counts, CopyProgress progress)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    while (true) {
      try {
        return one.get(TOLD_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        tell(counts, progress);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case FetchFailure failure -> throw failure;
          case RuntimeUnavailableException gone -> throw gone;
          case StaleFenceException stale -> throw stale;
          case null, default -> throw FetchFailure.pull("the fetch failed: " + e.getCause(), e);
        }
      }
    }
  }

  private static void tell(Map<String, FetchProgress> counts, CopyProgress progress) {
    boolean known = counts.values().stream().allMatch(count -> count.total() > 0);
    progress.at(
        counts.values().stream().mapToLong(FetchProgress::bytes).sum(),
        known ? counts.values().stream().mapToLong(FetchProgress::total).sum() : 0,
        counts.values().stream().mapToLong(FetchProgress::registryBytes).sum());
  }

  private HeldImage hold(
      ImageCopyOrder order,
      String name,
      WantedImage wanted,
      FetchProgress count,
      FetchTime time,
      Fence fence)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    while (true) {
      FetchedImage fetched = fetcher.bring(wanted, count, time, fence);
      String own = repository(order.installation(), order.cache()) + tag(fetched.digest());
      if (tools.store().tag(fetched.imageId(), own, fence)) {
        count.there(fetched.bytes());
        return new HeldImage(name, fetched.digest(), fetched.bytes(), fetched.parts());
      }
      // Somebody removed it in between.
      time.check();
    }
  }

  /** Lets go of what is held for a cache. */
  public void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    Map<String, String> names = tools.store().named(repository(installation, cache));
    for (String name : names.keySet()) {
      tools.store().untag(name, fence);
    }
    tools.room().free(ownNames(names.values()), fence);
    tools.content().pins().unpin(tools.engine(), holder(installation, cache));
  }

  /** What we call these images, as far as they came from registries. */
  private Set<String> ownNames(Collection<String> imageIds) {
    Set<String> names = new HashSet<>();
    for (ImageIndex.Kept kept : tools.index().images()) {
      if (imageIds.contains(kept.imageId())) {
        names.add(ImageRoom.name(kept.origin(), kept.manifest()));
      }
    }
    return names;
  }

  /** The caches for which anything is held. */
  public Set<String> caches(InstallationId installation) throws RuntimeUnavailableException {
    String all = REPOSITORY + "/" + hex(installation.value());
    Set<String> caches = new HashSet<>();
    for (String name : tools.store().named(all).keySet()) {
      caches.add(text(name.substring(all.length() + 1, name.lastIndexOf(':'))));
    }
    caches.forEach(
        cache -> tools.content().pins().renew(tools.engine(), holder(installation, cache)));
    return caches;
  }

  /** The images that are there, by who may use them and under which names; newest first. */
  public List<HostImage> images() throws RuntimeUnavailableException {
    Map<String, String> named = tools.store().named(ImageReference.OWN_HOST);
    Set<String> ids = new HashSet<>(named.values());
    List<HostImage> images = new ArrayList<>();
    for (ImageIndex.Granted granted : tools.index().granted()) {
      ImageIndex.Kept image = granted.image();
      if (ids.contains(image.imageId()) && Digest.isValid(image.manifest())) {
        images.add(
            new HostImage(
                granted.grant().owner(),
                granted.grant().reference(),
                image.manifest(),
                image.bytes()));
      }
    }
    return images;
  }

  private static String holder(InstallationId installation, String cache) {
    return installation + "/" + cache;
  }

  private static String repository(InstallationId installation, String cache) {
    return REPOSITORY + "/" + hex(installation.value()) + "/" + hex(cache);
  }

  private static String tag(String digest) {
    return ":" + digest.substring(digest.indexOf(':') + 1);
  }

  /** Ids may have characters, or be as long, as no part of a name may. */
  private static String hex(String id) {
    return HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
  }
}
