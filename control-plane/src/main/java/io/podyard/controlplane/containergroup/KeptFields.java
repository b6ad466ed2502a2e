package io.podyard.controlplane.containergroup;

import org.jspecify.annotations.Nullable;

/**
 * What a request said and answers give back although nothing depends on it here.
 *
 * @param vSwitchId the vSwitch the group is in, by which groups are found; where the group runs it
 *     is that of its spec which counts
 * @param owner null if none was given, and in records that were written before it was kept
 */
public record KeptFields(
    @Nullable String vSwitchId,
    @Nullable String securityGroupId,
    @Nullable String resourceGroupId,
    @Nullable String ramRoleName,
    @Nullable String dnsPolicy,
    @Nullable OwnerFields owner) {

  /** The same in another resource group. */
  KeptFields inResourceGroup(String id) {
    return new KeptFields(vSwitchId, securityGroupId, id, ramRoleName, dnsPolicy, owner);
  }

  /** The same in another vSwitch. */
  KeptFields inVSwitch(String id) {
    return new KeptFields(id, securityGroupId, resourceGroupId, ramRoleName, dnsPolicy, owner);
  }
}
