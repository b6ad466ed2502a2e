package io.podyard.runtime.docker.image;

import static java.util.Objects.requireNonNull;

import io.podyard.runtime.Fence;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.testing.TestImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The images of an engine that reads archives as Docker does: layer by layer, with digests. */
final class MemoryStore implements ImageStore {

  final List<String> loads = new CopyOnWriteArrayList<>();
  final List<String> pulls = new CopyOnWriteArrayList<>();

  /** Each image has so many. */
  static final long BYTES = 100;

  /** The images that containers are made of. */
  final Set<String> containers = ConcurrentHashMap.newKeySet();

  private final Map<String, String> idsByName = new ConcurrentHashMap<>();
  private final Set<String> knownLayers = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;

  void remove(String id) {
    idsByName.values().removeIf(id::equals);
  }

  void tag(String name, String id) {
    idsByName.put(name, id);
  }

  /** From now on it does not answer. */
  void die() {
    gone = true;
  }

  private void check() throws RuntimeUnavailableException {
    if (gone) {
      throw new RuntimeUnavailableException("gone");
    }
  }

  @Override
  public String architecture() {
    return "amd64";
  }

  @Override
  public boolean has(String imageId) throws RuntimeUnavailableException {
    check();
    return idsByName.containsValue(imageId);
  }

  @Override
  public Optional<String> local(ImageReference image) throws RuntimeUnavailableException {
    check();
    return Optional.ofNullable(idsByName.get(image.toString()));
  }

  @Override
  public boolean isBuiltIn(ImageReference image) {
    return image.repository().equals("podyard/tiny");
  }

  @Override
  public void ensureBuiltIn(Fence fence) throws StaleFenceException {
    fence.check();
    idsByName.put("docker.io/podyard/tiny:1", "tiny");
  }

  @Override
  public String load(DockerArchive image, String name, Duration timeout, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure {
    check();
    fence.check();
    try {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      image.write(List.of(name), archive);
      String id = read(archive.toByteArray(), name);
      loads.add(name);
      idsByName.put(name, id);
      return id;
    } catch (IOException e) {
      throw new RuntimeUnavailableException("broken archive", e);
    }
  }

  private String read(byte[] archive, String name) throws IOException, FetchFailure {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), tar.readAllBytes());
      }
    }
    JsonNode manifest = RegistryJson.parse(requireNonNull(files.get("manifest.json"))).get(0);
    if (!manifest.path("RepoTags").get(0).asString().equals(name)) {
      throw new IOException("another name");
    }
    byte[] config = requireNonNull(files.get(manifest.path("Config").asString()));
    JsonNode diffs = RegistryJson.parse(config).path("rootfs").path("diff_ids");
    JsonNode layers = manifest.path("Layers");
    for (int i = 0; i < layers.size(); i++) {
      String diff = diffs.get(i).asString();
      if (knownLayers.contains(diff)) {
        // As Docker does: what is known by name is not looked at.
        continue;
      }
      byte[] packed = requireNonNull(files.get(layers.get(i).asString()));
      try (InputStream layer = new GZIPInputStream(new ByteArrayInputStream(packed))) {
        if (!TestImage.digest(layer.readAllBytes()).equals(diff)) {
          throw new IOException("layer " + i + " is another one");
        }
      }
      knownLayers.add(diff);
    }
    return TestImage.digest(config);
  }

  @Override
  public String pull(
      ImageReference image,
      @Nullable RegistryCredential credential,
      String name,
      Duration timeout,
      Fence fence)
      throws StaleFenceException {
    fence.check();
    pulls.add(image.toString());
    idsByName.put(name, "pulled");
    return "pulled";
  }

  @Override
  public boolean tag(String imageId, String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    check();
    fence.check();
    if (!idsByName.containsValue(imageId)) {
      return false;
    }
    idsByName.put(name, imageId);
    return true;
  }

  @Override
  public void untag(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    check();
    fence.check();
    idsByName.remove(name);
  }

  @Override
  public boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    check();
    fence.check();
    String id = idsByName.get(name);
    if (id != null
        && containers.contains(id)
        && idsByName.values().stream().filter(id::equals).count() == 1) {
      return false;
    }
    idsByName.remove(name);
    return true;
  }

  @Override
  public List<Stored> images() throws RuntimeUnavailableException {
    check();
    Map<String, Set<String>> names = new HashMap<>();
    idsByName.forEach((name, id) -> names.computeIfAbsent(id, _ -> new HashSet<>()).add(name));
    return names.entrySet().stream().map(e -> new Stored(e.getKey(), e.getValue(), BYTES)).toList();
  }

  @Override
  public Set<String> inContainers() {
    return containers;
  }

  @Override
  public Map<String, String> named(String repository) throws RuntimeUnavailableException {
    check();
    Map<String, String> named = new HashMap<>(idsByName);
    named
        .keySet()
        .removeIf(name -> !name.startsWith(repository + "/") && !name.startsWith(repository + ":"));
    return named;
  }
}
