package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.Fence;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.image.FetchFailure;
import io.podyard.runtime.docker.image.ImagePush;
import io.podyard.runtime.docker.image.ImageReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Images made of containers. In the engine such an image has a name that is reserved for us, with
 * the task in it, and labels that say whose it is; all images with these labels go when the task is
 * over, also those that lost their name to a second commit.
 */
final class ContainerCommits implements AutoCloseable {

  private static final String REPOSITORY = ImageReference.OWN_HOST + "/commit";

  /** The task that an image belongs to. */
  static final String COMMIT = "io.podyard.commit";

  /** The image that the committed container was made from. */
  private static final String BASE = "io.podyard.commit-base";

  /** The engine packs all that the container changed before it answers. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EngineCalls calls;
  private final ImagePush push;

  ContainerCommits(EngineCalls calls, DockerEngineSettings settings) {
    this.calls = calls;
    this.push = new ImagePush(settings.dataFolder().resolve("push"), settings.images().limits());
  }

  void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    if (!images(order.installation(), order.task()).isEmpty()) {
      return;
    }
    InspectContainerResponse container =
        inspect(engineId)
            .filter(found -> Boolean.TRUE.equals(found.getState().getRunning()))
            .orElseThrow(
                () ->
                    new NoSuchContainerException(
                        "container " + order.container() + " does not run"));
    String base = container.getImageId();
    if (base == null || config(base).isEmpty()) {
      throw new ImageNotPushedException(
          "the image that the container was made from is not on its host any more");
    }
    boolean paused = Boolean.TRUE.equals(container.getState().getPaused());
    byte[] labels =
        JSON.writeValueAsBytes(
            Map.of(
                "Labels",
                Map.of(
                    Names.INSTALLATION,
                    order.installation().value(),
                    COMMIT,
                    order.task(),
                    BASE,
                    base)));
    String path =
        "/commit?pause=1&container="
            + engineId
            + "&repo="
            + encode(REPOSITORY)
            + "&tag="
            + encode(order.task())
            + "&author="
            + encode(order.author())
            + "&comment="
            + encode(order.message());
    try {
      calls.follow(
          EngineRequest.post(path, labels),
          CallScope.changing(LONGEST, fence),
          answer -> {
            byte[] _ = answer.getBody().readAllBytes();
          });
    } catch (NotFoundException | ConflictException e) {
      throw new NoSuchContainerException(
          "container " + order.container() + " does not run any more");
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
    if (paused) {
      resume(engineId, fence);
    }
  }

  /** An engine that was killed in the middle of a commit leaves its container paused. */
  private void resume(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            docker.unpauseContainerCmd(engineId).exec();
          } catch (NotFoundException e) {
            // Gone in the meantime.
          } catch (DockerException e) {
            if (Boolean.TRUE.equals(
                docker.inspectContainerCmd(engineId).exec().getState().getPaused())) {
              throw e;
            }
          }
        });
  }

  private Optional<InspectContainerResponse> inspect(String engineId)
      throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            return Optional.of(docker.inspectContainerCmd(engineId).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** What containers get from an image; empty if the engine does not have it. */
  private Optional<JsonNode> config(String image) throws RuntimeUnavailableException {
    try {
      return Optional.of(
          calls
              .<JsonNode, DockerException>exchange(
                  EngineRequest.get("/images/" + encode(image) + "/json"),
                  CallScope.reading(calls.timeout()),
                  answer -> JSON.readTree(answer.getBody()))
              .path("Config"));
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("looking needs no fence", e);
    }
  }

  void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException {
    List<Image> images = images(order.installation(), order.task());
    if (images.isEmpty()) {
      throw new ImageNotPushedException("the image is not on the host any more");
    }
    Image image = images.getFirst();
    String base = image.getLabels() == null ? null : image.getLabels().get(BASE);
    JsonNode config =
        (base == null ? Optional.<JsonNode>empty() : config(base))
            .orElseThrow(
                () ->
                    new ImageNotPushedException(
                        "the image that the container was made from is not on its host any"
                            + " more"));
    try {
      push.push(order, sink -> save(image.getId(), order.timeout(), sink), config, fence);
    } catch (FetchFailure e) {
      throw new ImageNotPushedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void save(String image, Duration timeout, ImagePush.Sink sink)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      calls.follow(
          EngineRequest.get("/images/" + encode(image) + "/get"),
          CallScope.reading(timeout),
          answer -> sink.take(answer.getBody()));
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
  }

  void remove(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (Image image : images(installation, task)) {
      calls.act(
          fence,
          docker -> {
            try {
              docker.removeImageCmd(image.getId()).withForce(true).withNoPrune(true).exec();
            } catch (NotFoundException e) {
              // Gone already.
            }
          });
    }
  }

  Set<String> tasks(InstallationId installation) throws RuntimeUnavailableException {
    return list(installation, COMMIT).stream()
        .map(image -> image.getLabels().getOrDefault(COMMIT, ""))
        .filter(task -> !task.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private List<Image> images(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    return list(installation, COMMIT + "=" + task);
  }

  private List<Image> list(InstallationId installation, String label)
      throws RuntimeUnavailableException {
    return calls.read(
        docker ->
            docker
                .listImagesCmd()
                .withFilter(
                    "label", List.of(Names.INSTALLATION + "=" + installation.value(), label))
                .exec());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    push.close();
  }
}
