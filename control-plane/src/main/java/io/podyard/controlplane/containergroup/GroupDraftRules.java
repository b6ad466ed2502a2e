package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.KernelSettings;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Turns a request for a group into what is stored, or says everything that is wrong with it at
 * once, in the order of the contract. Nothing but the request is looked at: whether there is such a
 * zone, and room, is for others to say.
 */
@Component
public class GroupDraftRules {

  /** Contract section 7; init containers count. */
  private static final int MOST_CONTAINERS = 20;

  private static final int SHORTEST_NAME = 2;
  private static final int LONGEST_NAME = 128;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  /**
   * The contract has no bound; an hour is more than any shutdown needs and keeps deletes moving.
   */
  private static final int LONGEST_GRACE_SECONDS = 3600;

  /** As in Kubernetes, about 68 years. */
  private static final long LONGEST_LIFE_SECONDS = Integer.MAX_VALUE;

  /** The contract has no bound; a group that is still Pending after a day never will run. */
  private static final int MOST_PENDING_MINUTES = 1440;

  private final InstanceTypes instanceTypes;

  public GroupDraftRules(InstanceTypes instanceTypes) {
    this.instanceTypes = instanceTypes;
  }

  /**
   * Checks a request that the codec had no problem with.
   *
   * @param region where the group will be; decides which sizes there are
   * @throws ApiException with every problem there is
   */
  public GroupDraft check(RegionId region, CreateContainerGroupRequest request) {
    return check(region, new Decoded<>(request, List.of(), request), List.of(), List.of());
  }

  /**
   * Checks what the codec could read of a request.
   *
   * @param found problems that others found
   * @param ofToday problems that the same request may not have had before; they are told with the
   *     rest and are no reason to refuse it here
   * @throws ApiException with every problem there is, the codec's and the others' among them
   */
  public GroupDraft check(
      RegionId region,
      Decoded<CreateContainerGroupRequest> decoded,
      List<Problem> found,
      List<Problem> ofToday) {
    Findings findings = new Findings();
    GroupDraft draft = draft(region, decoded.draft(), findings);
    List<Problem> problems = new ArrayList<>(found);
    problems.addAll(findings.problems());
    if (decoded.value() == null || !problems.isEmpty()) {
      problems.addAll(ofToday);
    }
    decoded.orThrow(problems);
    return Objects.requireNonNull(draft, "there is a draft or a finding");
  }

  /** The draft; null, or of no use, if there are findings. */
  private @Nullable GroupDraft draft(
      RegionId region, CreateContainerGroupRequest request, Findings findings) {
    checkNumbers(request, findings);
    List<ContainerAsked> asked = ContainerAsked.of(request);
    MachineRules.Read machine =
        new MachineRules(instanceTypes, region, request, asked, findings).read();
    GroupSizes sizes = machine.sizes();
    GroupGpus gpus = GpuRules.read(asked, machine.wish(), findings);

    VolumeRules volumeRules = new VolumeRules(findings);
    List<VolumeSpec> volumes = volumeRules.read(request.volume());
    ContainerRules containerRules = new ContainerRules(volumeRules.names(), findings);
    List<ContainerSpec> containers = new ArrayList<>();
    List<ContainerSpec> initContainers = new ArrayList<>();
    for (ContainerAsked container : asked) {
      ContainerSpec spec = containerRules.read(container, sizes.of(container));
      (container.init() ? initContainers : containers).add(spec);
    }

    RegistryRules registries = new RegistryRules(findings);
    List<RegistryCredential> credentials =
        registries.credentials(request.imageRegistryCredential());
    List<String> plainHttp =
        registries.registries("PlainHttpRegistry", request.plainHttpRegistry());
    List<String> insecure = registries.registries("InsecureRegistry", request.insecureRegistry());

    NetworkRules network = new NetworkRules(findings);
    List<HostAlias> aliases = network.hostAliases(request.hostAliase());
    DnsSettings dns = network.dns(request);
    String hostName = network.hostName(request.hostName());
    network.checkTimeServers(request.ntpServer());
    List<String> vSwitchIds = network.vSwitchIds(request.vSwitchId());
    ScheduleStrategy strategy = network.strategy(request.scheduleStrategy());
    String zone = network.identifier("ZoneId", request.zoneId());
    KeptFields kept =
        new KeptFields(
            vSwitchIds.isEmpty() ? null : vSwitchIds.getFirst(),
            network.identifier("SecurityGroupId", request.securityGroupId()),
            network.identifier("ResourceGroupId", request.resourceGroupId()),
            network.identifier("RamRoleName", request.ramRoleName()),
            absentIfEmpty(request.dnsPolicy()),
            OwnerFields.of(request),
            volumeRules.disks(),
            List.of(),
            GpuRules.driver(request.gpuDriverVersion(), findings),
            machine.wish(),
            SpotRules.read(request, machine, findings),
            ImageCacheWish.of(request),
            dataCacheBucket(request, network, findings),
            // How large the data caches are that it mounts is found when it is prepared.
            null);

    SortedMap<String, String> sysctls = SysctlRules.read(request, findings);
    Map<String, String> tags = TagRules.CREATING.read(request.tag(), findings::add);
    String name = name(request.containerGroupName(), findings);
    TokenClaim.problemOf(request.clientToken()).ifPresent(findings::add);
    RestartPolicy restartPolicy = restartPolicy(request.restartPolicy(), findings);
    int grace =
        (int)
            number(
                "TerminationGracePeriodSeconds",
                request.terminationGracePeriodSeconds(),
                0,
                LONGEST_GRACE_SECONDS,
                GroupSpec.DEFAULT_GRACE_SECONDS,
                findings);
    int maxPending =
        (int)
            number(
                "MaxPendingMinute",
                request.maxPendingMinute() == null ? null : (long) request.maxPendingMinute(),
                1,
                MOST_PENDING_MINUTES,
                GroupSpec.DEFAULT_MAX_PENDING_MINUTES,
                findings);
    Long life = request.activeDeadlineSeconds();
    if (life != null) {
      life =
          number(
              "ActiveDeadlineSeconds",
              life,
              1,
              LONGEST_LIFE_SECONDS,
              LONGEST_LIFE_SECONDS,
              findings);
    }
    if (findings.count() > 0) {
      return null;
    }
    GroupSpec spec =
        new GroupSpec(
            GroupSpec.CURRENT_VERSION,
            name,
            machine.wish() == null ? sizes.group() : machine.wish().largest().size(),
            restartPolicy,
            initContainers,
            containers,
            volumes,
            credentials,
            plainHttp,
            insecure,
            aliases,
            dns,
            hostName,
            grace,
            life,
            maxPending,
            vSwitchIds.isEmpty() ? null : new VSwitchId(vSwitchIds.getFirst()),
            new KernelSettings(Boolean.TRUE.equals(request.shareProcessNamespace()), sysctls),
            EphemeralStorage.mib(request.ephemeralStorage()),
            null,
            gpus,
            List.of());
    return new GroupDraft(
        name,
        spec,
        kept,
        tags,
        vSwitchIds,
        strategy,
        zone == null ? null : new ZoneId(zone),
        absentIfEmpty(request.clientToken()),
        Boolean.TRUE.equals(request.dryRun()));
  }

  private static void checkNumbers(CreateContainerGroupRequest request, Findings findings) {
    int containers = request.container().size();
    int init = request.initContainer().size();
    if (containers == 0) {
      findings.missing("Container");
    } else if (containers > MOST_CONTAINERS) {
      findings.tooMany("Container", containers, MOST_CONTAINERS);
    } else if (containers + init > MOST_CONTAINERS) {
      findings.outOfRange(
          "InitContainer",
          null,
          "has too many entries: a group has at most %d containers, init containers included, not %d"
              .formatted(MOST_CONTAINERS, containers + init));
    }
  }

  private static String name(@Nullable String name, Findings findings) {
    if (name == null || name.isEmpty()) {
      findings.missing("ContainerGroupName");
      return "";
    }
    if (!findings.tooLong("ContainerGroupName", name, LONGEST_NAME)
        && (name.length() < SHORTEST_NAME || !NAME.matcher(name).matches())) {
      findings.invalid(
          "ContainerGroupName",
          name,
          "must be 2 to 128 lower-case letters, digits and '-', with no '-' at an end");
    }
    return name;
  }

  private static RestartPolicy restartPolicy(@Nullable String policy, Findings findings) {
    if (policy == null || policy.isEmpty()) {
      return RestartPolicy.ALWAYS;
    }
    return PolicyNames.restartPolicy(policy)
        .orElseGet(
            () -> {
              findings.invalid("RestartPolicy", policy, "must be Always, OnFailure or Never");
              return RestartPolicy.ALWAYS;
            });
  }

  private static long number(
      String parameter, @Nullable Long given, long least, long most, long absent, Findings found) {
    if (given == null) {
      return absent;
    }
    if (given < least || given > most) {
      found.outOfRange(parameter, given, "must be from %d to %d".formatted(least, most));
      return absent;
    }
    return given;
  }

  /** Where data caches are mounted from: a request that names it and mounts none is a mistake. */
  private static @Nullable String dataCacheBucket(
      CreateContainerGroupRequest request, NetworkRules network, Findings findings) {
    String bucket = network.identifier("DataCacheBucket", request.dataCacheBucket());
    if (bucket != null
        && request.volume().stream().noneMatch(v -> VolumeRules.HOST_PATH.equals(v.type()))) {
      findings.invalid(
          "DataCacheBucket",
          bucket,
          "is of no use: there is no volume of type HostPathVolume to be a data cache in it");
    }
    return bucket;
  }

  private static @Nullable String absentIfEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
