package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ulimit;
import io.podyard.model.InstallationId;
import io.podyard.model.MilliCpu;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.image.ImageFetcher;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Captures of packets: a container of the operator's image, whose {@code tcpdump} is in the network
 * and among the processes of the group's sandbox. It is one of what a group shares, so it goes with
 * its group whoever removes that, and it ends with the sandbox.
 */
final class NetworkCaptures {

  /** The task that a container captures for. */
  static final String CAPTURE = "io.podyard.capture";

  private static final String FILE = "/podyard.pcap";
  private static final long MEMORY_BYTES = 64L << 20;
  private static final long PIDS = 8;
  private static final MilliCpu CPU = MilliCpu.of(500);
  private static final long CPU_PERIOD_MICROS = 100_000;

  /** Between the signal that ends a capture and the kill. */
  private static final int GRACE_SECONDS = 5;

  /** A file of a gigabyte from a slow host. */
  private static final Duration LONGEST_READ = Duration.ofMinutes(15);

  private static final int WORDS_BYTES = 4096;

  /** What {@code tcpdump} ends with if it could not do as it was told. */
  private static final int REFUSED = 1;

  private final EngineCalls calls;
  private final DockerEngineSettings settings;
  private final ImageFetcher images;
  private final ContainerStart starts;
  private final SharedContainers shared;

  NetworkCaptures(
      EngineCalls calls,
      DockerEngineSettings settings,
      ImageFetcher images,
      ContainerStart starts) {
    this.calls = calls;
    this.settings = settings;
    this.images = images;
    this.starts = starts;
    this.shared = new SharedContainers(calls);
  }

  void begin(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    Optional<Container> found = find(order.installation(), order.task());
    String container = found.isPresent() ? found.get().getId() : create(sandbox, order, fence);
    if (found.isEmpty() || "created".equals(found.get().getState())) {
      start(container, fence);
    }
  }

  private String create(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    String image =
        images
            .imageId(order.account(), order.image())
            .orElseThrow(
                () ->
                    new RuntimeUnavailableException(
                        "image " + order.image() + " is not on the host any more"));
    String name = order.installation() + "-" + order.group() + "-capture-" + order.task();
    // Of the role of what is short-lived, since a predecessor of this version removes that too.
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_END);
    labels.put(CAPTURE, order.task());
    try {
      return calls.change(
          fence,
          docker -> {
            try {
              docker
                  .createContainerCmd(image)
                  .withName(name)
                  .withLabels(labels)
                  .withEntrypoint("tcpdump")
                  .withCmd(arguments(order.filter()))
                  // Whoever the image runs as otherwise; the rights are few.
                  .withUser("0:0")
                  .withStopSignal("SIGTERM")
                  .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                  .withHostConfig(hostConfig(sandbox, order.filter()))
                  .exec();
            } catch (ConflictException e) {
              // Made just now, by a try whose answer was lost.
            } catch (NotFoundException | BadRequestException e) {
              throw new CaptureRefusedException(
                  "the engine cannot make the capture's container: " + EngineErrors.words(e), e);
            }
            return docker.inspectContainerCmd(name).exec().getId();
          });
    } catch (RuntimeUnavailableException e) {
      throw joined(sandbox, e);
    }
  }

  /** A sandbox that is gone cannot be joined however often it is tried. */
  private RuntimeUnavailableException joined(String sandbox, RuntimeUnavailableException e)
      throws RuntimeUnavailableException, CaptureRefusedException {
    if (shared
        .inspect(sandbox)
        .filter(there -> Boolean.TRUE.equals(there.getState().getRunning()))
        .isEmpty()) {
      throw new CaptureRefusedException("the group has no network any more", e);
    }
    return e;
  }

  private void start(String container, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    try {
      starts.start(container, fence);
    } catch (ContainerRefusedException e) {
      throw new CaptureRefusedException("tcpdump cannot be started: " + e.getMessage(), e);
    }
  }

  private HostConfig hostConfig(String sandbox, CaptureFilter filter) {
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withCpuPeriod(CPU_PERIOD_MICROS)
            .withCpuQuota(CPU.value() * CPU_PERIOD_MICROS / 1000)
            .withNetworkMode("container:" + sandbox)
            // As process 1 of its own it would not die of reaching the file's size.
            .withPidMode("container:" + sandbox)
            // The other two are for builds that change to the user they are told, which is root.
            .withCapAdd(Capability.NET_RAW, Capability.SETGID, Capability.SETUID)
            .withUlimits(
                List.of(
                    new Ulimit("fsize", filter.fileBytes(), filter.fileBytes()),
                    new Ulimit("core", 0L, 0L)));
    if (settings.ociRuntime() != null) {
      config.withRuntime(settings.ociRuntime());
    }
    return config;
  }

  /** Each packet is written at once, so that what is killed leaves what it saw. */
  static List<String> arguments(CaptureFilter filter) {
    List<String> arguments = new ArrayList<>(List.of("-n", "-p", "-U", "-Z", "root"));
    arguments.addAll(List.of("-i", filter.device(), "-w", FILE));
    arguments.addAll(List.of("-s", Integer.toString(filter.snapLength())));
    if (filter.packets() > 0) {
      arguments.addAll(List.of("-c", Integer.toString(filter.packets())));
    }
    List<String> conditions = new ArrayList<>();
    CaptureFilter.Protocol protocol = filter.protocol();
    if (protocol != null) {
      conditions.add(
          switch (protocol) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMP -> "icmp";
          });
    }
    add(conditions, "src", filter.source());
    add(conditions, "dst", filter.destination());
    if (!conditions.isEmpty()) {
      arguments.add(String.join(" and ", conditions));
    }
    return arguments;
  }

  private static void add(List<String> conditions, String side, End end) {
    String network = end.network();
    if (network != null) {
      conditions.add(side + (network.contains("/") ? " net " : " host ") + network);
    }
    if (end.port() != null) {
      conditions.add(side + " port " + end.port());
    }
  }

  Optional<CaptureState> state(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    Optional<Container> found = find(installation, task);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<InspectContainerResponse> container = shared.inspect(found.get().getId());
    if (container.isEmpty()) {
      return Optional.empty();
    }
    InspectContainerResponse.ContainerState state = container.get().getState();
    if (Boolean.TRUE.equals(state.getRunning())) {
      return Optional.of(new CaptureState.Running());
    }
    Long code = state.getExitCodeLong();
    if (ContainerStart.cannotRun(state) || code == null || code == REFUSED) {
      String said = state.getError() == null ? "" : state.getError();
      return Optional.of(
          new CaptureState.Ended(false, said.isEmpty() ? words(found.get().getId()) : said));
    }
    return Optional.of(new CaptureState.Ended(true, ""));
  }

  /** What {@code tcpdump} said last. */
  private String words(String container) throws RuntimeUnavailableException {
    StringBuilder said = new StringBuilder();
    try {
      calls.follow(
          EngineRequest.get("/containers/" + container + "/logs?stderr=1&tail=5"),
          CallScope.reading(calls.timeout()),
          answer ->
              new LogFrames(answer.getBody())
                  .forEach(
                      (_, bytes) -> {
                        if (said.length() < WORDS_BYTES) {
                          said.append(new String(bytes, StandardCharsets.UTF_8));
                        }
                      }));
    } catch (DockerException e) {
      return "tcpdump failed";
    } catch (StaleFenceException e) {
      throw new IllegalStateException("looking needs no fence", e);
    }
    String all = said.toString().strip().replace('\n', ' ');
    return all.isEmpty() ? "tcpdump failed" : all;
  }

  void end(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (Container container : list(installation, CAPTURE + "=" + task)) {
      calls.act(
          fence,
          docker -> {
            try {
              docker.stopContainerCmd(container.getId()).withTimeout(GRACE_SECONDS).exec();
            } catch (NotFoundException | NotModifiedException e) {
              // It is gone, or has ended.
            }
          });
    }
  }

  void read(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    String container =
        find(installation, task)
            .map(Container::getId)
            .orElseThrow(() -> new CaptureRefusedException("the capture is not there any more"));
    try {
      boolean read =
          calls.<Boolean, RuntimeException>exchange(
              EngineRequest.get("/containers/" + container + "/archive?path=" + FILE),
              CallScope.reading(LONGEST_READ),
              answer -> {
                TarArchiveInputStream tar = new TarArchiveInputStream(answer.getBody());
                TarArchiveEntry entry = tar.getNextEntry();
                return entry != null && entry.isFile() && WholePackets.copy(tar, out);
              });
      if (!read) {
        throw new CaptureRefusedException("the capture ended before it wrote anything");
      }
    } catch (NotFoundException e) {
      throw new CaptureRefusedException("the capture ended before it wrote anything", e);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (StaleFenceException e) {
      throw new IllegalStateException("reading needs no fence", e);
    }
  }

  void remove(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (Container container : list(installation, CAPTURE + "=" + task)) {
      shared.remove(container.getId(), fence);
    }
  }

  Set<String> tasks(InstallationId installation) throws RuntimeUnavailableException {
    return list(installation, CAPTURE).stream()
        .map(container -> container.getLabels().getOrDefault(CAPTURE, ""))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Optional<Container> find(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    return list(installation, CAPTURE + "=" + task).stream().findFirst();
  }

  private List<Container> list(InstallationId installation, String label)
      throws RuntimeUnavailableException {
    return calls.read(
        docker ->
            docker
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(Names.INSTALLATION + "=" + installation.value(), label))
                .exec());
  }
}
