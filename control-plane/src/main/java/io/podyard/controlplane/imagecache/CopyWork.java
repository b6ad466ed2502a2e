package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.cache.CopyWatch;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.imagecache.CopyStore.Order;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has a host hold the images of a cache, or let go of them, from wherever it is. Each step may have
 * been done before by a process that died before it could say so; the host goes on where it was. No
 * call to a host or registry is made inside a transaction.
 */
@Component
class CopyWork {

  private static final Logger log = LoggerFactory.getLogger(CopyWork.class);

  private final CopyStore copies;
  private final CopyPlans plans;
  private final FetchSpeeds speeds;
  private final CacheEvents events;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final SecretBox secrets;
  private final int tries;
  private final Clock clock;

  CopyWork(
      CopyStore copies,
      CopyPlans plans,
      FetchSpeeds speeds,
      CacheEvents events,
      Runtimes runtimes,
      Inventory inventory,
      SecretBox secrets,
      PodyardSettings settings,
      Clock clock) {
    this.copies = copies;
    this.plans = plans;
    this.speeds = speeds;
    this.events = events;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.secrets = secrets;
    this.tries = settings.imageCaches().tries();
    this.clock = clock;
  }

  /**
   * Goes as far as it gets.
   *
   * @return whether there is nothing left to do now; if not, it is tried again later
   * @throws InterruptedException if this process is to stop
   */
  boolean carryOut(CacheCopy copy, Fence fence) throws InterruptedException {
    try {
      GroupRuntime runtime = runtimes.of(copy.host());
      if (copy.isOver()) {
        runtime.release(inventory.installation(), copy.host(), copy.key(), fence);
        copies.cleared(copy, clock.instant(), fence.epoch());
        plans.plan(copy.cache());
        return true;
      }
      Order order = copies.order(copy).orElse(null);
      if (order == null) {
        copies.end(copy);
        return false;
      }
      return hold(copy, order, runtime, fence);
    } catch (RuntimeUnavailableException e) {
      log.debug("{} waits for its host: {}", copy.id(), e.getMessage());
      return false;
    } catch (StaleFenceException e) {
      // Whoever drives the host now goes on with it.
      return false;
    }
  }

  private boolean hold(CacheCopy copy, Order order, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    long begun = System.nanoTime();
    CopyWatch watch = new CopyWatch(copies, copy, fence.epoch());
    try {
      List<HeldImage> held;
      try {
        held = runtime.hold(order(copy, order), fence, watch::at);
      } finally {
        watch.over();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      CopyStore.Fetched fetched = new CopyStore.Fetched(took, watch.fetched());
      boolean done = copies.held(copy, order, held, fetched, clock.instant(), fence.epoch());
      if (!done) {
        failed(copy, "A host got other images than the one before.", 0, false, fence);
      }
      speeds.learn(copy.cache());
      plans.plan(copy.cache());
      return done;
    } catch (InterruptedException e) {
      if (watch.isUnwanted()) {
        return false;
      }
      throw e;
    } catch (ImageNotFetchedException e) {
      notFetched(copy, e, fence);
      return false;
    } catch (SecretNotOpenedException e) {
      log.error("the logins of image cache {} do not open", copy.cache(), e);
      String problem = "The logins for the registries cannot be read any more.";
      copies.failed(copy, copy.pause(0), problem, fence.epoch());
      return false;
    }
  }

  private void notFetched(CacheCopy copy, ImageNotFetchedException e, Fence fence) {
    // What follows of it is told after it.
    Instant at = clock.instant();
    String message = String.valueOf(e.getMessage());
    boolean inVain = e.reason().equals("InvalidImageName");
    failed(copy, message, e.retryAfterSeconds(), inVain, fence);
    events.warning(copy.cache(), e.reason(), message, at);
    plans.plan(copy.cache());
  }

  /**
   * Notes a try that failed, unless nobody wants the copy any more.
   *
   * @param inVain whether another one would fail as well
   */
  private void failed(
      CacheCopy copy, String message, int retryAfterSeconds, boolean inVain, Fence fence) {
    boolean last = inVain || copy.tries() + 1 >= tries;
    Duration pause = copy.pause(retryAfterSeconds);
    copies.failed(copy, pause, last ? message : "", fence.epoch());
  }

  /** Once it is known what the names stand for, exactly that is fetched. */
  private ImageCopyOrder order(CacheCopy copy, Order order) {
    RegistryAccess access = RegistryAccess.opened(secrets, order.access(), copy.cache());
    List<String> names = order.content().images();
    List<String> images = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      boolean settled = order.known().isEmpty() || names.get(i).indexOf('@') >= 0;
      images.add(settled ? names.get(i) : names.get(i) + "@" + order.known().get(i));
    }
    return new ImageCopyOrder(
        inventory.installation(),
        copy.host(),
        order.account(),
        copy.key(),
        images,
        access.credentials(),
        access.plainHttpRegistries(),
        access.insecureRegistries());
  }
}
