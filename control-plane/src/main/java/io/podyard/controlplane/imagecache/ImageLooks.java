package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.hosttask.DrivenHosts;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.HostId;
import io.podyard.runtime.PullProgress;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Asks the hosts that this process drives which images they have: at once where a group has just
 * pulled one that was not known to be there, and every one now and then, because they remove images
 * for want of room, are made anew, and have been driven by others.
 */
@Component
class ImageLooks implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration BETWEEN_READS = Duration.ofSeconds(2);
  private static final Duration BETWEEN_TURNS = Duration.ofSeconds(30);
  private static final int MOST_AT_ONCE = 32;

  private static final Logger log = LoggerFactory.getLogger(ImageLooks.class);

  private final ImagesOnHosts images;
  private final GroupStore groups;
  private final DrivenHosts hosts;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final Rounds rounds = new Rounds(log, Loop.IMAGE_CACHES, "images-on-hosts", 2);
  private final Set<HostId> changed = ConcurrentHashMap.newKeySet();
  private final Set<HostId> underWay = ConcurrentHashMap.newKeySet();
  private final Queue<HostId> turn = new ArrayDeque<>();
  private @Nullable Long turnBegan;

  ImageLooks(
      ImagesOnHosts images,
      GroupStore groups,
      DrivenHosts hosts,
      Runtimes runtimes,
      Inventory inventory) {
    this.images = images;
    this.groups = groups;
    this.hosts = hosts;
    this.runtimes = runtimes;
    this.inventory = inventory;
  }

  /** A step was written; it may be one in which an image came to the host of the group. */
  private void written(GroupTransition transition) {
    GroupRecord group = transition.next();
    HostId host = group.host();
    List<PullProgress> pulls = group.state().pulls();
    if (host == null || pulls.isEmpty() || pulls.equals(transition.seen().state().pulls())) {
      return;
    }
    for (PullProgress pull : pulls) {
      if (pull.finishedAt() != null
          && pull.totalBytes() >= HostedImage.SMALLEST_BYTES
          && !images.has(host, group.account(), pull.image())) {
        changed.add(host);
        return;
      }
    }
  }

  private void look() {
    if (!images.areKnown()) {
      return;
    }
    List.copyOf(changed).forEach(this::begin);
    long now = System.nanoTime();
    if (turn.isEmpty() && (turnBegan == null || now - turnBegan >= BETWEEN_TURNS.toNanos())) {
      Set<HostId> driven = hosts.all().keySet();
      changed.retainAll(driven);
      turn.addAll(driven);
      turnBegan = driven.isEmpty() ? null : now;
    }
    // One in a pause: there may be thousands of hosts, and nothing is known to have come to these.
    if (!turn.isEmpty()) {
      begin(turn.remove());
    }
  }

  private void begin(HostId host) {
    if (underWay.size() < MOST_AT_ONCE && underWay.add(host)) {
      rounds.beside("looking for images", () -> lookAt(host));
    }
  }

  private void lookAt(HostId host) {
    try {
      // Before the question: what comes after the answer is for the next look.
      changed.remove(host);
      images.note(host, runtimes.of(host).imagesOn(inventory.installation(), host));
    } catch (RuntimeUnavailableException e) {
      log.debug("host {} is looked at for images later: {}", host, e.getMessage());
    } finally {
      underWay.remove(host);
    }
  }

  @Override
  public void start() {
    groups.addListener(this::written);
    rounds.every(BETWEEN_READS, "reading which hosts have which images", images::read);
    rounds.every(PAUSE, "looking for images", this::look);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }
}
