package io.podyard.controlplane.containergroup;

import java.util.Collections;
import java.util.List;
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
 * @param vSwitchTries the vSwitches that it may be in while it waits, in the order in which they
 *     are tried; empty if there is but one
 * @param spot what was asked of a spot group, null for a group that pays in full
 */
public record KeptFields(
    @Nullable String vSwitchId,
    @Nullable String securityGroupId,
    @Nullable String resourceGroupId,
    @Nullable String ramRoleName,
    @Nullable String dnsPolicy,
    @Nullable OwnerFields owner,
    Map<String, KeptDisk> disks,
    List<String> vSwitchTries,
    @Nullable SpotWish spot) {

  public KeptFields {
    // Absent in records that were written before there were disks.
    // In one order everywhere: what a request means is hashed.
    disks = disks == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(disks));
    // Absent in records that were written before groups waited for several.
    vSwitchTries = vSwitchTries == null ? List.of() : List.copyOf(vSwitchTries);
  }

  /** Of a group without disks that pays in full. */
  public KeptFields(
      @Nullable String vSwitchId,
      @Nullable String securityGroupId,
      @Nullable String resourceGroupId,
      @Nullable String ramRoleName,
      @Nullable String dnsPolicy,
      @Nullable OwnerFields owner) {
    this(
        vSwitchId,
        securityGroupId,
        resourceGroupId,
        ramRoleName,
        dnsPolicy,
        owner,
        Map.of(),
        List.of(),
        null);
  }

  /** The same in another resource group. */
  KeptFields inResourceGroup(String id) {
    return new KeptFields(
        vSwitchId, securityGroupId, id, ramRoleName, dnsPolicy, owner, disks, vSwitchTries, spot);
  }

  /** The same with a DnsConfig, whatever was said of it before. */
  KeptFields withOwnDns() {
    return new KeptFields(
        vSwitchId,
        securityGroupId,
        resourceGroupId,
        ramRoleName,
        null,
        owner,
        disks,
        vSwitchTries,
        spot);
  }

  /** The same in another vSwitch, or, as long as it has no host, in one of several. */
  KeptFields inVSwitch(String id, List<String> tries) {
    return new KeptFields(
        id, securityGroupId, resourceGroupId, ramRoleName, dnsPolicy, owner, disks, tries, spot);
  }

  /** How the disk of a volume was asked for. */
  KeptDisk disk(String volume) {
    return disks.getOrDefault(volume, new KeptDisk(false, false, false, null));
  }
}
