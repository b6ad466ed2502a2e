package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.PullProgress;
import io.podyard.runtime.SpreadWait;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches all images a group waits for at once, and again with growing delays where that fails. */
final class ImageFetches {

  /** How long the error itself is shown before the wait for the next try is. */
  private static final Duration ERROR_SHOWN = Duration.ofSeconds(2);

  /** A fetch that takes longer tells how far it is, and is asked so often. */
  private static final Duration NOTED_AFTER = Duration.ofSeconds(2);

  private static final int PARTS_NOTED = 20;

  private final Draft draft;

  ImageFetches(Draft draft) {
    this.draft = draft;
  }

  void advance() {
    policies().forEach(this::advance);
  }

  /** Whether anything is known of the image of a container. */
  boolean seen(ContainerSpec spec) {
    return draft.seen.images().containsKey(spec.image());
  }

  /** Whether a container of this spec can be made now as far as its image goes. */
  boolean ready(ContainerSpec spec) {
    if (!(draft.seen.images().get(spec.image()) instanceof ImageView.Present)) {
      return false;
    }
    PullProgress pull = draft.pulls.get(spec.image());
    return spec.pullPolicy() == PullPolicy.NEVER
        || (pull == null ? !cached(spec.image()) : pull.finishedAt() != null);
  }

  /** Whether it is one image of many that may have had the name: then it has to be asked for. */
  private boolean cached(String image) {
    return draft.order.spec().cached(image).isPresent();
  }

  boolean fetched(String image) {
    return draft.pulls.containsKey(image);
  }

  /** Why a container whose image is not ready waits, if there is more to say than that. */
  Optional<ContainerStatus.Waiting> trouble(ContainerSpec spec) {
    String image = spec.image();
    if (spec.pullPolicy() == PullPolicy.NEVER) {
      draft.wake(draft.now.plus(draft.settings.pullBackOff()));
      return Optional.of(
          new ContainerStatus.Waiting(
              "ErrImageNeverPull",
              "Container image \"" + image + "\" is not present with pull policy of Never"));
    }
    PullProgress pull = draft.pulls.get(image);
    if (pull == null || pull.reason().isEmpty()) {
      return Optional.empty();
    }
    Instant notBefore = pull.notBefore();
    if (notBefore == null) {
      // Another try is under way; what is shown stays until its end is known.
      return draft.progress(spec).current() instanceof ContainerStatus.Waiting waiting
          ? Optional.of(waiting)
          : Optional.empty();
    }
    Instant flip = flip(pull, notBefore);
    if (draft.now.isBefore(flip)) {
      draft.wake(flip);
      return Optional.of(new ContainerStatus.Waiting(pull.reason(), pull.message()));
    }
    return Optional.of(
        new ContainerStatus.Waiting(
            pull.reason().equals("InvalidImageName") ? pull.reason() : "ImagePullBackOff",
            "Back-off pulling image \"" + image + "\": " + pull.message()));
  }

  /** What a container whose image is on its way waits for, with how far it is if that is known. */
  String waiting(ContainerSpec spec) {
    PullProgress pull = draft.pulls.get(spec.image());
    return pull == null || pull.totalBytes() == 0
        ? "waits for its image"
        : "waits for its image, of which %d of %d bytes are there"
            .formatted(pull.bytes(), pull.totalBytes());
  }

  private Instant flip(PullProgress pull, Instant notBefore) {
    Duration delay = draft.settings.pullDelay(pull.failures());
    Duration half = delay.dividedBy(2);
    Duration shown = half.compareTo(ERROR_SHOWN) < 0 ? half : ERROR_SHOWN;
    return notBefore.minus(delay).plus(shown);
  }

  /**
   * The policy of each image that a container waits for: the most eager of its containers'. A
   * container that runs or ended for good needs no image.
   */
  private Map<String, PullPolicy> policies() {
    Map<String, PullPolicy> policies = new LinkedHashMap<>();
    draft
        .specs()
        .filter(spec -> draft.progress(spec).current() instanceof ContainerStatus.Waiting)
        .forEach(
            spec ->
                policies.merge(
                    spec.image(), spec.pullPolicy(), (a, b) -> a.compareTo(b) < 0 ? a : b));
    return policies;
  }

  private void advance(String image, PullPolicy policy) {
    ImageView view = draft.seen.images().get(image);
    if (policy == PullPolicy.NEVER || view == null) {
      return;
    }
    PullProgress pull = draft.pulls.get(image);
    if (pull == null) {
      Optional<PullProgress> held =
          policy == PullPolicy.ALWAYS ? Optional.empty() : heldOfCache(image, view);
      if (held.isPresent()) {
        take(held.get());
      } else if (policy == PullPolicy.ALWAYS
          || cached(image)
          || !(view instanceof ImageView.Present)) {
        fetch(new PullProgress(image, 0, draft.now, null, null, "", ""));
      }
    } else if (pull.finishedAt() != null) {
      if (!(view instanceof ImageView.Present)) {
        // Somebody removed it from the host after it was fetched.
        fetch(new PullProgress(image, pull.failures(), draft.now, null, null, "", ""));
      }
    } else if (pull.notBefore() != null) {
      if (draft.now.isBefore(pull.notBefore())) {
        draft.wake(pull.notBefore());
      } else {
        fetch(with(pull, pull.failures(), null, pull.reason(), pull.message()));
      }
    } else {
      follow(pull, policy, view);
    }
  }

  /**
   * The image of a cache that its host has. There is nothing to fetch and nobody to ask, so a group
   * starts from it in the very steps in which it starts from any image that is there.
   */
  private Optional<PullProgress> heldOfCache(String image, ImageView view) {
    if (!(view instanceof ImageView.Present present)) {
      return Optional.empty();
    }
    return draft
        .order
        .spec()
        .cached(image)
        .flatMap(
            cached ->
                Optional.ofNullable(present.held().get(cached.digest()))
                    .map(
                        bytes ->
                            new PullProgress(image, 0, draft.now, draft.now, null, "", "")
                                .at(bytes, bytes, 0, cached.cache())));
  }

  private void take(PullProgress held) {
    draft.pulls.put(held.image(), held);
    draft.tell(
        Occurrence.normal(
            "Pulled",
            "Container image \"" + held.image() + "\" already present on machine" + origin(held)));
  }

  private void fetch(PullProgress pull) {
    draft.pulls.put(pull.image(), pull);
    draft.tell(Occurrence.normal("Pulling", "Pulling image \"" + pull.image() + "\""));
    begin(pull);
  }

  private void begin(PullProgress pull) {
    draft.act(new EngineAction.BeginPull(pull.image(), pull.failures()));
    draft.poll();
  }

  private void follow(PullProgress pull, PullPolicy policy, ImageView view) {
    boolean begunHere =
        draft.attempted.begun().contains(new Attempted.Begun.Pull(pull.image(), pull.failures()));
    switch (view) {
      case ImageView.Present present
          when begunHere || (policy != PullPolicy.ALWAYS && !cached(pull.image())) ->
          finish(pull, present);
      case ImageView.Failed failed when begunHere -> fail(pull, failed);
      case ImageView.Pulling pulling when begunHere -> {
        noteProgress(pull, pulling);
        draft.wake(draft.now.plus(NOTED_AFTER));
        draft.poll();
      }
      case ImageView.Present _, ImageView.Failed _, ImageView.Pulling _, ImageView.Absent _ ->
          begin(pull);
    }
  }

  /** A short fetch, or one that hardly moved since, is not worth being stored. */
  private void noteProgress(PullProgress pull, ImageView.Pulling pulling) {
    boolean lasts = Duration.between(pull.startedAt(), draft.now).compareTo(NOTED_AFTER) >= 0;
    boolean moved =
        pulling.totalBytes() > 0
            && Math.abs(pulling.bytes() - pull.bytes()) >= pulling.totalBytes() / PARTS_NOTED;
    if (lasts && moved) {
      draft.pulls.put(
          pull.image(),
          pull.at(pulling.bytes(), pulling.totalBytes(), pulling.registryBytes(), ""));
    }
  }

  private void finish(PullProgress pull, ImageView.Present present) {
    Duration took = Duration.between(pull.startedAt(), draft.now);
    PullProgress finished =
        new PullProgress(pull.image(), pull.failures(), pull.startedAt(), draft.now, null, "", "")
            .at(
                present.totalBytes(),
                present.totalBytes(),
                present.registryBytes(),
                present.cache());
    draft.pulls.put(pull.image(), finished);
    draft.tell(
        Occurrence.normal(
            "Pulled",
            "Successfully pulled image \""
                + pull.image()
                + "\" in "
                + seconds(took)
                + origin(finished)));
  }

  private String origin(PullProgress finished) {
    if (finished.totalBytes() == 0) {
      return "";
    }
    return ". Image size: "
        + finished.totalBytes()
        + " bytes, from its registry: "
        + finished.registryBytes()
        + (finished.cache().isEmpty()
            ? ""
            : ", from image cache " + finished.cache() + ": " + saved(finished));
  }

  private String saved(PullProgress finished) {
    return Math.max(0, finished.totalBytes() - finished.registryBytes())
        + " bytes not pulled"
        + draft
            .order
            .spec()
            .cached(finished.image())
            .flatMap(cached -> cached.saved(finished))
            .map(saved -> ", about " + seconds(saved) + " saved")
            .orElse("");
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "." + "%03d".formatted(time.toMillisPart()) + "s";
  }

  private void fail(PullProgress pull, ImageView.Failed failed) {
    int failures = pull.failures() + 1;
    Instant notBefore = draft.now.plus(delay(pull.image(), failures, failed.retryAfterSeconds()));
    draft.pulls.put(
        pull.image(), with(pull, failures, notBefore, failed.reason(), failed.message()));
    draft.wake(notBefore);
    draft.tell(
        Occurrence.warning(
            "Failed", "Failed to pull image \"" + pull.image() + "\": " + failed.message()));
    draft.tell(Occurrence.normal("BackOff", "Back-off pulling image \"" + pull.image() + "\""));
  }

  /** Groups that a registry sent away together come back one by one. */
  private Duration delay(String image, int failures, int wishedSeconds) {
    Duration ours = draft.settings.pullDelay(failures);
    Duration wished = Duration.ofSeconds(wishedSeconds);
    String who = draft.order.group() + " " + image + " " + failures;
    return wished.isZero() ? ours : SpreadWait.of(wished.compareTo(ours) > 0 ? wished : ours, who);
  }

  private static PullProgress with(
      PullProgress pull, int failures, @Nullable Instant notBefore, String reason, String message) {
    return new PullProgress(
        pull.image(), failures, pull.startedAt(), null, notBefore, reason, message);
  }
}
