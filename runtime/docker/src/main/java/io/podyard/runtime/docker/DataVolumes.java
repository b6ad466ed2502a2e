package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import io.podyard.model.InstallationId;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content of data caches in one engine: a volume for each digest, filled once for all caches
 * and groups that have it, and for each cache a volume without content, its mark. A mark is made
 * when its content is whole, so content with a mark, or that a group mounts, is whole; what has
 * neither is removed.
 */
final class DataVolumes {

  private static final String UPPER = "-upper";
  private static final String WORK = "-work";

  /** What the options of an overlay would take for the end of a path. */
  private static final String UNFIT_FOR_OVERLAYS = ",:\\";

  private final EngineVolumes engine;
  private final SharedContainers shared;

  /** Between looking whether content is used and doing something about it. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Content that is being filled. */
  private final Set<String> filling = new HashSet<>();

  DataVolumes(EngineCalls calls) {
    this.engine = new EngineVolumes(calls);
    this.shared = new SharedContainers(calls);
  }

  /** The container by which a volume of content is filled. */
  static String filler(String volume) {
    return volume + "-filling";
  }

  /** The engine's volumes that one part of a group's volume takes. */
  static Stream<String> names(VolumeParts.Part part) {
    return part.volume() instanceof VolumeSpec.DataCache cache && !cache.readOnly()
        ? Stream.of(part.name(), part.name() + UPPER, part.name() + WORK)
        : Stream.of(part.name());
  }

  /** The volume that has what a group wrote over another one. */
  static String upper(String volume) {
    return volume + UPPER;
  }

  /** Whether a volume is what a group wrote over one of some volumes. */
  static boolean isLayer(String name, Set<String> volumes) {
    return Stream.of(UPPER, WORK)
        .anyMatch(
            end ->
                name.endsWith(end)
                    && volumes.contains(name.substring(0, name.length() - end.length())));
  }

  /** The content that a volume is of, or mounts; null if it has nothing to do with any. */
  static @Nullable String digest(InspectVolumeResponse volume) {
    return label(volume, Names.DATA);
  }

  private static @Nullable String label(InspectVolumeResponse volume, String name) {
    Map<String, String> labels = volume.getLabels();
    return labels == null ? null : labels.get(name);
  }

  private static Map<String, String> labels(InstallationId installation, String role) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Names.INSTALLATION, installation.value());
    labels.put(Names.ROLE, role);
    return labels;
  }

  /** The marks of data caches, by their keys. */
  Map<String, HeldData> held(InstallationId installation) throws RuntimeUnavailableException {
    Map<String, HeldData> held = new HashMap<>();
    for (InspectVolumeResponse mark : engine.find(labels(installation, Names.ROLE_HELD_DATA))) {
      String cache = label(mark, Names.CACHE);
      String digest = digest(mark);
      String bytes = label(mark, Names.DATA_BYTES);
      String entries = label(mark, Names.DATA_ENTRIES);
      if (cache != null && digest != null && bytes != null && entries != null) {
        held.put(cache, new HeldData(digest, Long.parseLong(bytes), Integer.parseInt(entries)));
      }
    }
    return held;
  }

  private void mark(InstallationId installation, String cache, HeldData held, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = labels(installation, Names.ROLE_HELD_DATA);
    labels.put(Names.CACHE, cache);
    labels.put(Names.DATA, held.digest());
    labels.put(Names.DATA_BYTES, Long.toString(held.bytes()));
    labels.put(Names.DATA_ENTRIES, Integer.toString(held.entries()));
    engine.make(Names.heldData(installation, cache), Map.of(), labels, fence);
  }

  /** Fills a new volume. */
  @FunctionalInterface
  interface Filling {
    void fill(String volume)
        throws RuntimeUnavailableException,
            StaleFenceException,
            DataNotFetchedException,
            InterruptedException;
  }

  /**
   * Holds content for a cache, filling its volume unless it is whole already.
   *
   * @throws RuntimeUnavailableException also if somebody else fills it just now
   */
  void hold(InstallationId installation, String cache, HeldData held, Fence fence, Filling how)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    String volume = Names.data(installation, held.digest());
    lock.lock();
    try {
      if (isWhole(installation, held.digest())) {
        mark(installation, cache, held, fence);
        return;
      }
      if (!filling.add(volume)) {
        throw new RuntimeUnavailableException("the data of " + cache + " is just coming");
      }
    } finally {
      lock.unlock();
    }
    try {
      // What somebody began who died.
      shared.remove(filler(volume), fence);
      engine.remove(volume, fence);
      Map<String, String> labels = labels(installation, Names.ROLE_DATA);
      labels.put(Names.DATA, held.digest());
      engine.make(volume, Map.of(), labels, fence);
      how.fill(volume);
      mark(installation, cache, held, fence);
    } finally {
      lock.lock();
      try {
        filling.remove(volume);
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean isWhole(InstallationId installation, String digest)
      throws RuntimeUnavailableException {
    Map<String, String> content = labels(installation, Names.ROLE_DATA);
    content.put(Names.DATA, digest);
    return used(installation).contains(digest) && !engine.find(content).isEmpty();
  }

  /** The digests of content that a cache or a group has. */
  private Set<String> used(InstallationId installation) throws RuntimeUnavailableException {
    return engine.find(Map.of(Names.INSTALLATION, installation.value())).stream()
        .filter(volume -> !Names.ROLE_DATA.equals(label(volume, Names.ROLE)))
        .flatMap(volume -> Optional.ofNullable(digest(volume)).stream())
        .collect(Collectors.toSet());
  }

  void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.remove(Names.heldData(installation, cache), fence);
    removeUnused(installation, fence);
  }

  /** Removes content that neither a cache nor a group has. */
  void removeUnused(InstallationId installation, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    lock.lock();
    try {
      Set<String> used = used(installation);
      for (InspectVolumeResponse content : engine.find(labels(installation, Names.ROLE_DATA))) {
        if (!used.contains(String.valueOf(digest(content)))
            && !filling.contains(content.getName())) {
          shared.remove(filler(content.getName()), fence);
          // Where a container still has it, its group is just going, and calls again.
          var _ = engine.removeUnused(content.getName(), fence);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes what a group mounts of content: the folder itself, or a layer of its own over it.
   *
   * @param labels of the group's volumes
   * @throws RuntimeUnavailableException for the users of the group, if the host does not hold it
   */
  void mount(
      InstallationId installation,
      VolumeSpec.DataCache cache,
      VolumeParts.Part part,
      Map<String, String> labels,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String below =
        Stream.of(cache.path(), part.subPath())
            .filter(path -> !path.isEmpty())
            .map(path -> "/" + path)
            .collect(Collectors.joining());
    Map<String, String> all = new LinkedHashMap<>(labels);
    all.put(Names.DATA, cache.digest());
    lock.lock();
    try {
      if (!isWhole(installation, cache.digest())) {
        throw FailedMounts.of(cache, "data cache " + cache.cache() + " is not on the host yet");
      }
      String folder = engine.place(Names.data(installation, cache.digest())) + below;
      if (cache.readOnly()) {
        engine.make(part.name(), GroupVolumes.mounted("none", folder, "bind,ro"), all, fence);
        return;
      }
      if (folder.chars().anyMatch(c -> UNFIT_FOR_OVERLAYS.indexOf(c) >= 0)) {
        throw FailedMounts.of(
            cache, "below a path with commas, colons or backslashes nothing can be written");
      }
      // On one file system, as overlays want it, and there as soon as the engine made them.
      engine.make(part.name() + UPPER, Map.of(), all, fence);
      engine.make(part.name() + WORK, Map.of(), all, fence);
      String layers =
          "lowerdir=%s,upperdir=%s,workdir=%s"
              .formatted(
                  folder, engine.place(part.name() + UPPER), engine.place(part.name() + WORK));
      engine.make(part.name(), GroupVolumes.mounted("overlay", "overlay", layers), all, fence);
    } finally {
      lock.unlock();
    }
  }
}
