package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DnsConfigResponse;
import io.podyard.api.containergroup.EciSecurityContextResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.containergroup.HostAliasResponse;
import io.podyard.api.containergroup.VolumeResponse;
import io.podyard.api.tag.Tag;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.model.Size;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A stored group in the shape of the contract. Registry passwords, contents of config files and
 * hidden environment values never go back.
 */
@Component
public class GroupAnswers {

  static final String DELETED = "Deleted";

  /** Times go out in whole seconds (contract section 8). */
  static @Nullable Instant time(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS);
  }

  static @Nullable BigDecimal vcpu(@Nullable Size size) {
    return size == null ? null : plain(size.cpu().vcpu());
  }

  static @Nullable BigDecimal gib(@Nullable Size size) {
    return size == null ? null : plain(size.memory().gib());
  }

  /** The answer for one group. */
  public ContainerGroupResponse answer(GroupRecord group, List<EventResponse> events) {
    GroupSpec spec = group.spec();
    KeptFields kept = group.kept();
    MachineOption option = kept.option();
    ContainerAnswers containers = new ContainerAnswers(group);
    return ContainerGroupResponse.builder()
        .computeCategory(kept.computeCategory())
        .containerGroupId(group.id().value())
        .containerGroupName(group.name())
        .containers(spec.containers().stream().map(containers::container).toList())
        .cpu(vcpu(spec.size()))
        .creationTime(time(group.createdAt()))
        .dnsConfig(dnsConfig(spec.dns()))
        .dnsPolicy(dnsPolicy(kept, spec))
        .eciSecurityContext(sysctls(spec))
        .ephemeralStorage(EphemeralStorage.additionalGib(spec))
        .events(events)
        .failedTime(time(group.failedAt()))
        .hostAliases(
            spec.hostAliases().stream()
                .map(alias -> new HostAliasResponse(alias.hostnames(), alias.ip()))
                .toList())
        .initContainers(spec.initContainers().stream().map(containers::initContainer).toList())
        .instanceType(option == null ? null : option.instanceType())
        .intranetIp(group.state().ip())
        .memory(gib(spec.size()))
        .ramRoleName(kept.ramRoleName())
        .regionId(group.region().value())
        .resourceGroupId(kept.resourceGroupId())
        .restartPolicy(PolicyNames.of(spec.restartPolicy()))
        .securityGroupId(kept.securityGroupId())
        .spotPriceLimit(kept.spot() == null ? null : kept.spot().priceLimit())
        .spotStrategy(kept.spot() == null ? null : kept.spot().strategy())
        .status(status(group))
        .succeededTime(time(group.succeededAt()))
        .tags(
            group.tags().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                .toList())
        .vSwitchId(kept.vSwitchId())
        .volumes(spec.volumes().stream().map(volume -> volume(volume, kept)).toList())
        .zoneId(group.zone() == null ? null : group.zone().value())
        .build();
  }

  private static @Nullable EciSecurityContextResponse sysctls(GroupSpec spec) {
    return spec.sysctls().isEmpty()
        ? null
        : new EciSecurityContextResponse(
            spec.sysctls().entrySet().stream()
                .map(one -> new EciSecurityContextResponse.Sysctl(one.getKey(), one.getValue()))
                .toList());
  }

  /**
   * Of a group that its owner ended, and whose record is over, no status of the contract is true.
   */
  private static String status(GroupRecord group) {
    return group.deletedAt() != null && !group.status().isFinal()
        ? DELETED
        : group.status().wireName();
  }

  private static String dnsPolicy(KeptFields kept, GroupSpec spec) {
    if (kept.dnsPolicy() != null) {
      return kept.dnsPolicy();
    }
    return spec.dns() == null ? "Default" : "None";
  }

  private static @Nullable DnsConfigResponse dnsConfig(@Nullable DnsSettings dns) {
    return dns == null
        ? null
        : new DnsConfigResponse(
            dns.nameServers(),
            dns.options().stream().map(GroupAnswers::dnsOption).toList(),
            dns.searches());
  }

  private static DnsConfigResponse.Option dnsOption(String option) {
    int colon = option.indexOf(':');
    return colon < 0
        ? new DnsConfigResponse.Option(option, null)
        : new DnsConfigResponse.Option(option.substring(0, colon), option.substring(colon + 1));
  }

  private static VolumeResponse volume(VolumeSpec volume, KeptFields kept) {
    return switch (volume) {
      case VolumeSpec.EmptyDir folder ->
          volume(
              folder.name(),
              VolumeRules.EMPTY_DIR,
              folder.inMemory() ? "Memory" : null,
              sizeLimit(folder.sizeLimitMib()),
              List.of());
      case VolumeSpec.Nfs nfs when nfs.flexOptions() != null ->
          new VolumeResponse(
              List.of(),
              null,
              null,
              null,
              null,
              NetworkVolumeRules.NAS,
              NetworkVolumeRules.NFS,
              nfs.flexOptions(),
              null,
              null,
              null,
              nfs.name(),
              VolumeRules.FLEX);
      case VolumeSpec.Nfs nfs ->
          new VolumeResponse(
              List.of(),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              nfs.path(),
              nfs.readOnly(),
              nfs.server(),
              nfs.name(),
              VolumeRules.NFS);
      case VolumeSpec.Disk disk -> disk(disk, kept.disk(disk.name()));
      // The contract's answer has no place for the path.
      case VolumeSpec.HostPath _, VolumeSpec.DataCache _ ->
          volume(volume.name(), VolumeRules.HOST_PATH, null, null, List.of());
      case VolumeSpec.ConfigFiles files ->
          volume(
              files.name(),
              VolumeRules.CONFIG_FILE,
              null,
              null,
              files.files().stream()
                  .map(file -> new VolumeResponse.ConfigFileToPath(null, file.path()))
                  .toList());
    };
  }

  private static VolumeResponse disk(VolumeSpec.Disk disk, KeptDisk kept) {
    return new VolumeResponse(
        List.of(),
        kept.flex() ? null : disk.id(),
        kept.flex() ? null : PersistentVolume.EXT4,
        null,
        null,
        kept.flex() ? DiskRules.DRIVER : null,
        kept.flex() ? PersistentVolume.EXT4 : null,
        kept.flex() ? DiskOptions.write(disk, kept, true) : null,
        null,
        null,
        null,
        disk.name(),
        kept.flex() ? VolumeRules.FLEX : VolumeRules.DISK);
  }

  private static VolumeResponse volume(
      String name,
      String type,
      @Nullable String medium,
      @Nullable String sizeLimit,
      List<VolumeResponse.ConfigFileToPath> files) {
    return new VolumeResponse(
        files, null, null, medium, sizeLimit, null, null, null, null, null, null, name, type);
  }

  private static @Nullable String sizeLimit(@Nullable Integer mib) {
    if (mib == null) {
      return null;
    }
    return mib % 1024 == 0 ? mib / 1024 + "Gi" : mib + "Mi";
  }

  /** Without trailing zeros and without an exponent: 2 and 0.25. */
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
