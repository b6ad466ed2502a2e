package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.image.DockerArchive;
import io.podyard.runtime.docker.image.FetchFailure;
import io.podyard.runtime.docker.image.ImageReference;
import io.podyard.runtime.docker.image.ImageStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The images of one engine. */
final class EngineImages implements ImageStore {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EngineCalls calls;
  private final EngineFacts facts;
  private final Object sandboxLock = new Object();
  private volatile @Nullable SandboxImage sandbox;

  EngineImages(EngineCalls calls, EngineFacts facts) {
    this.calls = calls;
    this.facts = facts;
  }

  @Override
  public String architecture() throws RuntimeUnavailableException {
    return facts.get().architecture();
  }

  @Override
  public boolean has(String imageId) throws RuntimeUnavailableException {
    return id(imageId).isPresent();
  }

  @Override
  public Optional<String> local(ImageReference image) throws RuntimeUnavailableException {
    return id(image.toString());
  }

  private Optional<String> id(String name) throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            return Optional.ofNullable(docker.inspectImageCmd(name).exec().getId());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public boolean isBuiltIn(ImageReference image) {
    return image.toString().equals(SandboxImage.TINY);
  }

  @Override
  public void ensureBuiltIn(Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    String id = sandbox(fence);
    Optional<String> tiny = id(SandboxImage.TINY);
    if (tiny.isEmpty() || !tiny.get().equals(id)) {
      loadSandbox(fence);
    }
  }

  /** The id of the sandbox's image, which is loaded if the engine does not have it. */
  String sandbox(Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    Optional<String> there = id(sandboxImage().name());
    return there.isPresent() ? there.get() : loadSandbox(fence);
  }

  private String loadSandbox(Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    SandboxImage image = sandboxImage();
    synchronized (sandboxLock) {
      try {
        return load(
            image.archive(), List.of(image.name(), SandboxImage.TINY), calls.timeout(), fence);
      } catch (FetchFailure e) {
        throw new RuntimeUnavailableException(
            "engine " + calls.address() + " does not take the sandbox's image: " + e.getMessage(),
            e);
      }
    }
  }

  private SandboxImage sandboxImage() throws RuntimeUnavailableException {
    SandboxImage image = sandbox;
    if (image == null) {
      image = SandboxImage.of(architecture());
      sandbox = image;
    }
    return image;
  }

  @Override
  public String load(DockerArchive image, String name, Duration timeout, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure {
    return load(image, List.of(name), timeout, fence);
  }

  private String load(DockerArchive image, List<String> names, Duration timeout, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure {
    EngineRequest request =
        EngineRequest.tar("POST", "/images/load?quiet=1", out -> image.write(names, out));
    follow("does not take the image", request, timeout, fence);
    return loaded(names.getFirst());
  }

  private String loaded(String name) throws RuntimeUnavailableException, FetchFailure {
    return id(name)
        .orElseThrow(
            () ->
                new FetchFailure(
                    FetchFailure.PULL, "the image is gone from the engine right after it came", 0));
  }

  /** Loads and pulls answer 200 and tell of their failure in a line of the stream. */
  private void follow(String trouble, EngineRequest request, Duration timeout, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure {
    try {
      calls.<FetchFailure>follow(
          request,
          CallScope.changing(timeout, fence),
          answer -> {
            try (JsonLines lines = new JsonLines(answer.getBody())) {
              while (lines.hasNext()) {
                String error = lines.next().path("error").asString("");
                if (!error.isEmpty()) {
                  throw new FetchFailure(
                      FetchFailure.PULL, "the engine " + trouble + ": " + error, 0);
                }
              }
            }
          });
    } catch (DockerException e) {
      throw new FetchFailure(
          FetchFailure.PULL, "the engine " + trouble + ": " + EngineErrors.words(e), 0);
    }
  }

  @Override
  public String pull(
      ImageReference image,
      @Nullable RegistryCredential credential,
      String name,
      Duration timeout,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure {
    boolean before = local(image).isPresent();
    Map<String, String> headers =
        credential == null ? Map.of() : Map.of("X-Registry-Auth", login(credential));
    String path =
        "/images/create?fromImage="
            + encode(image.host() + "/" + image.repository())
            + "&tag="
            + encode(image.target());
    follow(
        "cannot fetch the image",
        new EngineRequest("POST", path, headers, null, null),
        timeout,
        fence);
    String pulled = image.host() + "/" + image.repository() + separator(image) + image.target();
    String id = loaded(pulled);
    int colon = name.lastIndexOf(':');
    calls.act(
        fence,
        docker -> {
          docker.tagImageCmd(id, name.substring(0, colon), name.substring(colon + 1)).exec();
          if (!before) {
            // Under its own name it would count as present for every account.
            docker.removeImageCmd(pulled).withNoPrune(true).exec();
          }
        });
    return id;
  }

  @Override
  public boolean tag(String imageId, String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    int colon = name.lastIndexOf(':');
    return calls.change(
        fence,
        docker -> {
          try {
            docker.tagImageCmd(imageId, name.substring(0, colon), name.substring(colon + 1)).exec();
            return true;
          } catch (NotFoundException e) {
            return false;
          }
        });
  }

  @Override
  public void untag(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            // By force also the last name goes while a container uses the image.
            docker.removeImageCmd(name).withForce(true).exec();
          } catch (NotFoundException e) {
            // Gone already.
          }
        });
  }

  @Override
  public Map<String, String> named(String repository) throws RuntimeUnavailableException {
    Map<String, String> named = new TreeMap<>();
    for (Stored image : images()) {
      for (String name : image.names()) {
        if (name.startsWith(repository + "/") || name.startsWith(repository + ":")) {
          named.put(name, image.id());
        }
      }
    }
    return named;
  }

  @Override
  public List<Stored> images() throws RuntimeUnavailableException {
    List<Image> images = calls.read(docker -> docker.listImagesCmd().exec());
    return images.stream()
        .map(
            image ->
                new Stored(
                    image.getId(),
                    image.getRepoTags() == null ? Set.of() : Set.of(image.getRepoTags()),
                    image.getSize()))
        .toList();
  }

  @Override
  public Set<String> inContainers() throws RuntimeUnavailableException {
    List<Container> all = calls.read(docker -> docker.listContainersCmd().withShowAll(true).exec());
    return all.stream().map(Container::getImageId).collect(Collectors.toSet());
  }

  @Override
  public boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return calls.change(
        fence,
        docker -> {
          try {
            docker.removeImageCmd(name).exec();
            return true;
          } catch (NotFoundException e) {
            return true;
          } catch (ConflictException e) {
            return false;
          }
        });
  }

  private static String separator(ImageReference image) {
    return image.digest() == null ? ":" : "@";
  }

  private static String login(RegistryCredential credential) {
    Map<String, String> login = new LinkedHashMap<>();
    login.put("username", credential.userName());
    login.put("password", credential.password().reveal());
    login.put("serveraddress", credential.server());
    return Base64.getUrlEncoder().encodeToString(JSON.writeValueAsBytes(login));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
