package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ChangeLog;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Core dumps that containers left in their own files. What the kernel of the host does with them is
 * asked from inside a container, so that the engine may be anywhere.
 */
final class ContainerDumps {

  private static final List<String> ASK =
      List.of("cat", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/core_uses_pid");

  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 4;
  private static final Duration LONGEST_ASK = Duration.ofSeconds(15);

  /** Of gigabytes from a slow host. */
  private static final Duration LONGEST_READ = Duration.ofMinutes(30);

  /**
   * Of which the newest is looked for; a container that leaves more has them all from one crash.
   */
  private static final int MOST_FILES = 32;

  private static final String STAT = "X-Docker-Container-Path-Stat";

  /** What is not a plain file has one of these bits, as the engine writes modes. */
  private static final long NOT_PLAIN = 0x8F28_0000L;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EngineCalls calls;
  private final DockerEngineSettings settings;
  private final EngineImages images;
  private final SharedContainers shared;

  ContainerDumps(EngineCalls calls, DockerEngineSettings settings, EngineImages images) {
    this.calls = calls;
    this.settings = settings;
    this.images = images;
    this.shared = new SharedContainers(calls);
  }

  /** What the kernel of the host does with core dumps. */
  CorePattern pattern(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = Names.ofGroup(installation, group);
    labels.put(Names.ROLE, Names.ROLE_END);
    HostConfig config = ContainerLimits.ofOurs(MEMORY_BYTES, PIDS).withNetworkMode("none");
    if (settings.ociRuntime() != null) {
      config.withRuntime(settings.ociRuntime());
    }
    String name = installation + "-" + group + "-core-pattern";
    // One that is left of a process that died has run, or not; a new one is sure to say it now.
    shared.remove(name, fence);
    String asking = shared.make(name, images.sandbox(fence), ASK, labels, config, fence).getId();
    try {
      int code = shared.run(asking, LONGEST_ASK, fence);
      String said = output(asking);
      return code == 0 ? CorePattern.of(said) : CorePattern.unreadable(said.strip());
    } finally {
      shared.remove(asking, fence);
    }
  }

  private String output(String container) throws RuntimeUnavailableException, StaleFenceException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      calls.follow(
          EngineRequest.get("/containers/" + container + "/logs?stdout=1&stderr=1"),
          CallScope.reading(calls.timeout()),
          answer -> new LogFrames(answer.getBody()).forEach((_, bytes) -> said.writeBytes(bytes)));
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  void read(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    InspectContainerResponse container =
        shared
            .inspect(engineId)
            .orElseThrow(() -> new CoreDumpMissingException("the container is gone"));
    try {
      copy(engineId, newest(container, fence), mostBytes, out);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (DockerException e) {
      throw refused(e);
    } catch (RuntimeUnavailableException e) {
      // An engine that answers would refuse it again and again, and the container could never go.
      if (e.getCause() instanceof DockerException refusal) {
        throw refused(refusal);
      }
      throw e;
    }
  }

  private static CoreDumpMissingException refused(DockerException e) {
    return new CoreDumpMissingException(
        "the engine does not hand out the core dump: " + EngineErrors.words(e), e);
  }

  private record Found(String path, long bytes, Instant written) {}

  private Found newest(InspectContainerResponse container, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CoreDumpMissingException {
    ContainerName name = Names.container(container.getConfig().getLabels());
    if (name == null) {
      throw new CoreDumpMissingException("the container is none of a group");
    }
    CorePattern pattern = pattern(name.installation(), name.group(), fence);
    Optional<String> because = pattern.noFilesBecause();
    if (because.isPresent()) {
      throw new CoreDumpMissingException(because.get());
    }
    Set<String> paths = new LinkedHashSet<>();
    // What is in volumes is not among the changes.
    String folder = container.getConfig().getWorkingDir();
    pattern.likelyPath(folder == null || folder.isEmpty() ? "/" : folder).ifPresent(paths::add);
    paths.addAll(written(container.getId(), pattern.paths()));
    Optional<Found> newest = Optional.empty();
    for (String path : paths) {
      newest =
          Stream.of(newest, look(container.getId(), path))
              .flatMap(Optional::stream)
              .max(Comparator.comparing(Found::written));
    }
    return newest.orElseThrow(
        () ->
            new CoreDumpMissingException(
                "there is no core dump among the files of the container: its process may not have"
                    + " been allowed to write there, or forbade dumps"));
  }

  /** The files of these names that the container wrote outside of volumes. */
  private List<String> written(String engineId, Pattern paths) throws RuntimeUnavailableException {
    List<ChangeLog> changes = calls.read(docker -> docker.containerDiffCmd(engineId).exec());
    return changes.stream()
        .map(ChangeLog::getPath)
        .filter(path -> paths.matcher(path).matches())
        .limit(MOST_FILES)
        .toList();
  }

  /** A plain file; empty if there is none. */
  private Optional<Found> look(String engineId, String path)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      return calls.<Optional<Found>, RuntimeException>exchange(
          new EngineRequest("HEAD", archive(engineId, path), Map.of(), null, null),
          CallScope.reading(calls.timeout()),
          answer -> found(path, answer.getHeaders()));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Optional<Found> found(String path, Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(STAT))
        .flatMap(header -> header.getValue().stream())
        .map(value -> JSON.readTree(Base64.getDecoder().decode(value)))
        .filter(stat -> (stat.path("mode").asLong() & NOT_PLAIN) == 0)
        .map(stat -> found(path, stat))
        .findFirst();
  }

  private static Found found(String path, JsonNode stat) {
    return new Found(
        path,
        stat.path("size").asLong(),
        OffsetDateTime.parse(stat.path("mtime").asString()).toInstant());
  }

  private void copy(String engineId, Found dump, long mostBytes, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    if (dump.bytes() > mostBytes) {
      throw new CoreDumpMissingException(
          "the core dump has %d bytes, more than the %d it may have"
              .formatted(dump.bytes(), mostBytes));
    }
    calls.<CoreDumpMissingException>follow(
        EngineRequest.get(archive(engineId, dump.path())),
        CallScope.reading(LONGEST_READ),
        answer -> {
          TarArchiveInputStream tar = new TarArchiveInputStream(answer.getBody());
          TarArchiveEntry entry = tar.getNextEntry();
          if (entry == null || !entry.isFile() || entry.getSize() > mostBytes) {
            throw new CoreDumpMissingException("the core dump is not there any more");
          }
          CoreFile.copy(tar, entry.getSize(), out);
        });
  }

  private static String archive(String engineId, String path) {
    return "/containers/%s/archive?path=%s"
        .formatted(engineId, URLEncoder.encode(path, StandardCharsets.UTF_8));
  }
}
