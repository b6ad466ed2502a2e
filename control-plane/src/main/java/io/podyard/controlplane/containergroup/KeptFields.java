package io.podyard.controlplane.containergroup;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request said and answers give back although nothing depends on it where the group runs.
 *
 * @param vSwitchId the vSwitch the group is in, by which groups are found; where the group runs it
 *     is that of its spec which counts
 * @param owner null if none was given, and in records that were written before it was kept
 * @param disks how its disks were asked for, by the names of their volumes
 */
public record KeptFields(
    @Nullable String vSwitchId,
    @Nullable String securityGroupId,
    @Nullable String resourceGroupId,
    @Nullable String ramRoleName,
    @Nullable String dnsPolicy,
    @Nullable OwnerFields owner,
    Map<String, KeptDisk> disks) {

  public KeptFields {
    // Absent in records that were written before there were disks.
    // In one order everywhere: what a request means is hashed.
    disks = disks == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(disks));
  }

  /** Of a group without disks. */
  public KeptFields(
      @Nullable String vSwitchId,
      @Nullable String securityGroupId,
      @Nullable String resourceGroupId,
      @Nullable String ramRoleName,
      @Nullable String dnsPolicy,
      @Nullable OwnerFields owner) {
    this(vSwitchId, securityGroupId, resourceGroupId, ramRoleName, dnsPolicy, owner, Map.of());
  }

  /** The same in another resource group. */
  KeptFields inResourceGroup(String id) {
    return new KeptFields(vSwitchId, securityGroupId, id, ramRoleName, dnsPolicy, owner, disks);
  }

  /** The same with a DnsConfig, whatever was said of it before. */
  KeptFields withOwnDns() {
    return new KeptFields(
        vSwitchId, securityGroupId, resourceGroupId, ramRoleName, null, owner, disks);
  }

  /** The same in another vSwitch. */
  KeptFields inVSwitch(String id) {
    return new KeptFields(
        id, securityGroupId, resourceGroupId, ramRoleName, dnsPolicy, owner, disks);
  }

  /** How the disk of a volume was asked for. */
  KeptDisk disk(String volume) {
    return disks.getOrDefault(volume, new KeptDisk(false, false, false, null));
  }
}
