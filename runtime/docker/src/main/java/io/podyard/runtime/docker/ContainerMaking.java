package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.ImageFetcher;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes containers inside the sandbox of their group. */
final class ContainerMaking {

  private static final String REFUSED = "CreateContainerError";
  private static final long UNLIMITED = -1;
  private static final Duration FILE_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_FILE_WAIT = Duration.ofSeconds(5);

  /** What programs that change their user or listen below 1024 need, and no more. */
  private static final List<Capability> EVERY_CONTAINER =
      List.of(
          Capability.CHOWN,
          Capability.DAC_OVERRIDE,
          Capability.FOWNER,
          Capability.FSETID,
          Capability.KILL,
          Capability.NET_BIND_SERVICE,
          Capability.SETGID,
          Capability.SETUID,
          Capability.SYS_CHROOT);

  private final EngineCalls calls;
  private final DockerEngineSettings settings;
  private final ImageFetcher images;
  private final GroupVolumes volumes;
  private final HostSide host;
  private final VolumeKeepers keepers;
  private final SharedContainers shared;

  ContainerMaking(
      EngineCalls calls,
      DockerEngineSettings settings,
      ImageFetcher images,
      GroupVolumes volumes,
      VolumeKeepers keepers,
      HostSide host) {
    this.calls = calls;
    this.settings = settings;
    this.images = images;
    this.volumes = volumes;
    this.host = host;
    this.keepers = keepers;
    this.shared = new SharedContainers(calls);
  }

  void create(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    String image =
        images
            .imageId(
                order.account(), order.spec().image(), order.group().cached(order.spec().image()))
            .orElseThrow(
                () ->
                    new RuntimeUnavailableException(
                        "image " + order.spec().image() + " is not on the host any more"));
    Optional<String> user = ContainerUser.of(order.spec(), () -> imageUser(image));
    List<Mount> mounts = volumes.forContainer(order);
    if (order.name().attempt() > 1) {
      freshMessage(order, fence);
    }
    messageFile(order, mounts).ifPresent(mounts::add);
    String parent =
        host.cgroup(order.name().installation(), order.name().group(), order.group().size(), fence)
            .orElse(null);
    HostConfig config = hostConfig(order, mounts, parent);
    Map<String, String> labels = Names.labels(order.name(), order.account(), fence.epoch());
    labels.putAll(TerminationMessages.labels(order.spec().terminationMessage()));
    long start = System.nanoTime();
    Optional<String> refusal;
    do {
      refusal =
          calls.change(
              fence, docker -> create(docker, order, image, user.orElse(null), labels, config));
    } while (refusal.filter(why -> isTooEarly(order, why)).isPresent() && waited(start));
    if (refusal.isPresent()) {
      throw new ContainerRefusedException(REFUSED, refusal.get());
    }
  }

  /**
   * Whether the sandbox, which was started just now, has not yet made the file that the container
   * mounts: the engine answers a start when the program begins.
   */
  private static boolean isTooEarly(ContainerOrder order, String refusal) {
    return refusal.contains("does not exist")
        && refusal.contains(Names.messages(order.name().installation(), order.name().group()));
  }

  private static boolean waited(long start) {
    LockSupport.parkNanos(FILE_PAUSE.toNanos());
    return System.nanoTime() - start < LONGEST_FILE_WAIT.toNanos();
  }

  private String imageUser(String image) throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          ContainerConfig config = docker.inspectImageCmd(image).exec().getConfig();
          return config == null || config.getUser() == null ? "" : config.getUser();
        });
  }

  /** So that an attempt does not say what the one before it said. */
  private void freshMessage(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    ContainerName name = order.name();
    if (shared.inspect(name.toString()).isPresent()) {
      return; // it may run, and may have said something
    }
    Optional<String> keeper = keepers.of(name.installation(), name.group());
    if (keeper.isPresent() && volumes.messages(name.installation(), name.group()) != null) {
      MessageFiles.put(shared, keeper.get(), List.of(name.container()), fence);
    }
  }

  private Optional<Mount> messageFile(ContainerOrder order, List<Mount> mounts)
      throws RuntimeUnavailableException {
    String path = order.spec().terminationMessage().path();
    String folder = volumes.messages(order.name().installation(), order.name().group());
    // Without the folder what is written elsewhere than below /dev is found all the same.
    return folder == null || mounts.stream().anyMatch(mount -> path.equals(mount.getTarget()))
        ? Optional.empty()
        : Optional.of(
            new Mount()
                .withType(MountType.BIND)
                .withSource(folder + "/" + MessageFiles.file(order.spec().name()))
                .withTarget(path));
  }

  /** Answers why the engine will never make it, if that is so. */
  private static Optional<String> create(
      DockerClient docker,
      ContainerOrder order,
      String image,
      @Nullable String user,
      Map<String, String> labels,
      HostConfig config) {
    ContainerSpec spec = order.spec();
    String name = order.name().toString();
    CreateContainerCmd create =
        docker
            .createContainerCmd(image)
            .withName(name)
            .withLabels(labels)
            .withEnv(environment(order))
            .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
            .withStdinOpen(spec.terminal().stdin())
            .withStdInOnce(spec.terminal().stdinOnce())
            .withTty(spec.terminal().tty())
            .withHostConfig(config);
    if (!spec.command().isEmpty()) {
      create.withEntrypoint(spec.command());
    }
    if (!spec.args().isEmpty()) {
      create.withCmd(spec.args());
    }
    if (spec.workingDir() != null) {
      create.withWorkingDir(spec.workingDir());
    }
    if (user != null) {
      create.withUser(user);
    }
    try {
      create.exec();
      return Optional.empty();
    } catch (ConflictException e) {
      Map<String, String> has = docker.inspectContainerCmd(name).exec().getConfig().getLabels();
      return Names.same(labels, has == null ? Map.of() : has)
          ? Optional.empty()
          : Optional.of("the engine has something else under the name " + name);
    } catch (BadRequestException e) {
      return Optional.of(EngineErrors.words(e));
    }
  }

  private static List<String> environment(ContainerOrder order) {
    List<String> environment = new ArrayList<>();
    for (EnvironmentVariable variable : order.spec().environment()) {
      String value =
          switch (variable.source()) {
            case VALUE -> variable.value().reveal();
            case POD_IP -> order.podIp();
          };
      if (!variable.name().equals(ContainerGpus.VARIABLE)) {
        environment.add(variable.name() + "=" + value);
      }
    }
    environment.add(ContainerGpus.variable(order.gpus()));
    return environment;
  }

  private HostConfig hostConfig(
      ContainerOrder order, List<Mount> mounts, @Nullable String cgroupParent)
      throws ContainerRefusedException {
    ContainerSpec spec = order.spec();
    String sandbox =
        "container:" + Names.sandbox(order.name().installation(), order.name().group());
    HostConfig config =
        new HostConfig()
            .withNetworkMode(sandbox)
            .withIpcMode(sandbox)
            .withMounts(mounts)
            .withPidsLimit((long) settings.limits().pidsPerContainer())
            .withCapDrop(Capability.ALL)
            .withCapAdd(capabilities(spec))
            .withSecurityOpts(List.of("no-new-privileges"))
            .withReadonlyRootfs(spec.readOnlyRootFilesystem())
            .withLogConfig(ContainerLimits.log(settings.limits().logBytes()));
    long dump = settings.limits().coreDumpBytes();
    if (dump > 0) {
      config.withUlimits(List.of(new Ulimit("core", dump, UNLIMITED)));
    }
    if (order.group().sharesProcesses()) {
      config.withPidMode(sandbox);
    }
    if (cgroupParent != null) {
      config.withCgroupParent(cgroupParent);
    }
    if (settings.ociRuntime() != null) {
      config.withRuntime(settings.ociRuntime());
    }
    ContainerGpus.give(config, order.gpus());
    return ContainerLimits.size(config, spec.size() == null ? order.group().size() : spec.size());
  }

  private static Capability[] capabilities(ContainerSpec spec) throws ContainerRefusedException {
    List<Capability> capabilities = new ArrayList<>(EVERY_CONTAINER);
    for (String name : spec.addedCapabilities()) {
      try {
        capabilities.add(Capability.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw new ContainerRefusedException(
            REFUSED, "container " + spec.name() + ": there is no capability " + name);
      }
    }
    return capabilities.toArray(Capability[]::new);
  }
}
