package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DnsConfigRequest;
import io.podyard.api.containergroup.UpdateContainerGroupRequest;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change of a group on top of what the group is (contract section 12). What a request does
 * not name stays. A list that it names replaces the whole list ({@code RenewUpdate}) or the entries
 * of the same names ({@code IncrementalUpdate}); each container in it is complete, only what this
 * request cannot say of a container stays as it is.
 */
final class UpdateRules {

  private static final int MOST_CONTAINERS = 20;

  /**
   * What a group is to be.
   *
   * @param spec with the revisions it had
   */
  record Wanted(GroupSpec spec, KeptFields kept, Map<String, String> tags) {}

  private final GroupRecord group;
  private final UpdateContainerGroupRequest request;
  private final Findings findings;
  private final boolean incremental;

  private UpdateRules(GroupRecord group, UpdateContainerGroupRequest request, Findings findings) {
    this.group = group;
    this.request = request;
    this.findings = findings;
    this.incremental = "IncrementalUpdate".equals(request.updateType());
  }

  /** What the group is to be; of no use if there are findings. */
  static Wanted read(GroupRecord group, UpdateContainerGroupRequest request, Findings findings) {
    return new UpdateRules(group, request, findings).read();
  }

  private Wanted read() {
    checkType();
    GroupSpec before = group.spec();
    CreateContainerGroupRequest asCreate = UpdateAsCreate.of(request);
    List<ContainerAsked> asked =
        ContainerAsked.of(asCreate, request.initContainer(), "HttpGetHttpHeaders");

    VolumeRules volumeRules = new VolumeRules(findings, group);
    List<VolumeSpec> givenVolumes =
        DataCacheVolumes.withKept(before.volumes(), volumeRules.read(asCreate.volume()));
    Set<String> given = volumeRules.names();
    List<VolumeSpec> volumes =
        withDisks(
            before.volumes(),
            merged(before.volumes(), givenVolumes, !request.volume().isEmpty(), VolumeSpec::name));

    ContainerRules containerRules =
        new ContainerRules(given == null ? null : names(volumes, given), findings);
    UpdatedSizes sizes = UpdatedSizes.read(group, asCreate, asked, incremental, findings);
    List<ContainerSpec> containers = new ArrayList<>();
    List<ContainerSpec> initContainers = new ArrayList<>();
    for (ContainerAsked container : asked) {
      ContainerSpec spec = containerRules.read(container, sizes.of(container));
      (container.init() ? initContainers : containers).add(unsaid(spec));
    }
    List<ContainerSpec> allContainers =
        merged(
            before.containers(), containers, !request.container().isEmpty(), ContainerSpec::name);
    List<ContainerSpec> allInit =
        merged(
            before.initContainers(),
            initContainers,
            !request.initContainer().isEmpty(),
            ContainerSpec::name);
    checkTogether(allContainers, allInit, volumes);
    checkReading(allContainers, allInit, volumes);

    List<RegistryCredential> credentials =
        new RegistryRules(findings).credentials(request.imageRegistryCredential());
    DnsSettings dns = dns(before.dns());
    RestartPolicy policy = restartPolicy(before.restartPolicy());
    String resourceGroup =
        new NetworkRules(findings).identifier("ResourceGroupId", request.resourceGroupId());
    Map<String, String> tags = tags();
    GroupSpec spec =
        new GroupSpec(
            before.version(),
            before.name(),
            sizes.group(),
            policy,
            allInit,
            allContainers.isEmpty() ? before.containers() : allContainers,
            volumes,
            request.imageRegistryCredential().isEmpty()
                ? before.registryCredentials()
                : credentials,
            before.plainHttpRegistries(),
            before.insecureRegistries(),
            before.hostAliases(),
            dns,
            before.hostName(),
            before.terminationGraceSeconds(),
            before.activeDeadlineSeconds(),
            before.maxPendingMinutes(),
            before.vSwitch(),
            before.kernel(),
            before.ephemeralStorageMib(),
            before.address(),
            GpuRules.update(before.gpus(), asked, allInit, allContainers, findings),
            before.cachedImages());
    KeptFields kept =
        resourceGroup == null ? group.kept() : group.kept().inResourceGroup(resourceGroup);
    if (request.dnsConfig() != null) {
      kept = kept.withOwnDns();
    }
    return new Wanted(spec, kept, tags);
  }

  private void checkType() {
    String type = request.updateType();
    if (type != null
        && !type.isEmpty()
        && !type.equals("RenewUpdate")
        && !type.equals("IncrementalUpdate")) {
      findings.invalid("UpdateType", type, "must be RenewUpdate or IncrementalUpdate");
    }
    if (incremental && !request.imageRegistryCredential().isEmpty()) {
      findings.invalid(
          "ImageRegistryCredential", null, "can only be changed by UpdateType RenewUpdate");
    }
  }

  /** What this request has no names for stays with the container of that name. */
  private ContainerSpec unsaid(ContainerSpec spec) {
    return Stream.concat(group.spec().initContainers().stream(), group.spec().containers().stream())
        .filter(old -> old.name().equals(spec.name()))
        .findFirst()
        .map(
            old ->
                new ContainerSpec(
                    spec.name(),
                    spec.image(),
                    spec.pullPolicy(),
                    spec.size(),
                    spec.command(),
                    spec.args(),
                    spec.workingDir(),
                    spec.environment(),
                    old.hideEnvironment(),
                    spec.ports(),
                    spec.mounts(),
                    spec.runAsUser(),
                    spec.readOnlyRootFilesystem(),
                    spec.addedCapabilities(),
                    old.runAsGroup(),
                    old.runAsNonRoot(),
                    spec.lifecycle(),
                    spec.terminal(),
                    old.terminationMessage(),
                    spec.role(),
                    spec.ignoreExitCode(),
                    old.revision()))
        .orElse(spec);
  }

  private <T> List<T> merged(
      List<T> before, List<T> given, boolean isGiven, Function<T, String> name) {
    if (!isGiven) {
      return before;
    }
    if (!incremental) {
      return given;
    }
    Map<String, T> merged = new LinkedHashMap<>();
    before.forEach(one -> merged.put(name.apply(one), one));
    given.forEach(one -> merged.put(name.apply(one), one));
    return List.copyOf(merged.values());
  }

  /** A group keeps its disks, whether or not a request that replaces its volumes names them. */
  private List<VolumeSpec> withDisks(List<VolumeSpec> before, List<VolumeSpec> volumes) {
    List<VolumeSpec> all = new ArrayList<>(volumes);
    for (VolumeSpec disk : before) {
      if (!(disk instanceof VolumeSpec.Disk) || volumes.contains(disk)) {
        continue;
      }
      if (volumes.stream().anyMatch(volume -> volume.name().equals(disk.name()))) {
        findings.with(
            ErrorCode.INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
            "Volume",
            disk.name(),
            "is a disk of the group, which stays");
      }
      all.add(disk);
    }
    return all;
  }

  /** What the group got for reading only stays so. */
  private void checkReading(
      List<ContainerSpec> containers, List<ContainerSpec> init, List<VolumeSpec> volumes) {
    for (VolumeSpec volume : volumes) {
      if (volume instanceof VolumeSpec.DataCache data
          && data.readOnly()
          && Stream.concat(containers.stream(), init.stream())
              .flatMap(container -> container.mounts().stream())
              .anyMatch(mount -> mount.volume().equals(data.name()) && !mount.readOnly())) {
        findings.invalid(
            "Container",
            data.name(),
            "must mount the data cache with ReadOnly: the group was made to read it only");
      }
    }
  }

  private static Set<String> names(Collection<VolumeSpec> volumes, Set<String> given) {
    Set<String> names = new HashSet<>(given);
    volumes.forEach(volume -> names.add(volume.name()));
    return names;
  }

  private void checkTogether(
      List<ContainerSpec> containers, List<ContainerSpec> init, List<VolumeSpec> volumes) {
    if (containers.size() + init.size() > MOST_CONTAINERS) {
      findings.outOfRange(
          request.container().isEmpty() ? "InitContainer" : "Container",
          null,
          "has too many entries: a group has at most %d containers, init containers included, not %d"
              .formatted(MOST_CONTAINERS, containers.size() + init.size()));
    }
    Set<String> names = new HashSet<>();
    containers.forEach(container -> names.add(container.name()));
    for (ContainerSpec one : init) {
      if (!names.add(one.name())) {
        findings.with(
            ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME,
            request.container().isEmpty() ? "InitContainer" : "Container",
            one.name(),
            "must be unique among all containers and init containers of the group");
      }
    }
    Set<String> there = new HashSet<>();
    volumes.forEach(volume -> there.add(volume.name()));
    if (!request.volume().isEmpty()) {
      if (volumes.size() > VolumeRules.MOST_VOLUMES
          && request.volume().size() <= VolumeRules.MOST_VOLUMES) {
        findings.tooMany("Volume", volumes.size(), VolumeRules.MOST_VOLUMES);
      }
      if (incremental) {
        ConfigFileRules.checkTotal(volumes, findings);
      }
      Stream.concat(containers.stream(), init.stream())
          .filter(container -> !isAsked(container.name()))
          .forEach(container -> checkMounts(container, there));
    }
  }

  private boolean isAsked(String container) {
    return Stream.concat(
            request.container().stream().map(c -> c.name()),
            request.initContainer().stream().map(c -> c.name()))
        .anyMatch(container::equals);
  }

  private void checkMounts(ContainerSpec container, Set<String> volumes) {
    for (VolumeMount mount : container.mounts()) {
      if (!volumes.contains(mount.volume())) {
        findings.invalid(
            "Volume",
            null,
            "must have %s, which container %s mounts".formatted(mount.volume(), container.name()));
      }
    }
  }

  private @Nullable DnsSettings dns(@Nullable DnsSettings before) {
    DnsConfigRequest config = request.dnsConfig();
    if (config == null) {
      return before;
    }
    DnsConfigRequest complete =
        incremental && before != null && config.nameServer().isEmpty()
            ? new DnsConfigRequest(before.nameServers(), config.option(), config.search())
            : config;
    DnsSettings given =
        new NetworkRules(findings)
            .dns(CreateContainerGroupRequest.builder().dnsConfig(complete).build());
    if (!incremental || before == null || given == null) {
      return given;
    }
    return new DnsSettings(
        given.nameServers(),
        config.search().isEmpty() ? before.searches() : given.searches(),
        config.option().isEmpty() ? before.options() : given.options());
  }

  private RestartPolicy restartPolicy(RestartPolicy before) {
    String policy = request.restartPolicy();
    if (policy == null || policy.isEmpty()) {
      return before;
    }
    return PolicyNames.restartPolicy(policy)
        .orElseGet(
            () -> {
              findings.invalid("RestartPolicy", policy, "must be Always, OnFailure or Never");
              return before;
            });
  }

  private Map<String, String> tags() {
    Map<String, String> given = TagRules.CREATING.read(request.tag(), findings::add);
    if (request.tag().isEmpty()) {
      return group.tags();
    }
    if (!incremental) {
      return given;
    }
    Map<String, String> merged = new TreeMap<>(group.tags());
    merged.putAll(given);
    if (merged.size() > TagRules.MOST_TAGS) {
      findings.tooMany("Tag", merged.size(), TagRules.MOST_TAGS);
    }
    return merged;
  }
}
