package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
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
 * @param gpuDriverVersion the driver of GPUs that was asked for
 * @param machine which kinds of machines it named, null if none
 * @param spot what was asked of a spot group, null for a group that pays in full
 * @param imageCache what was asked of image caches, null for nothing
 * @param dataCacheBucket where its data caches were looked for, null for nowhere
 * @param dataCacheGib of the disks that it got from the data caches it mounts; null if it mounts
 *     none, and in records that were written before these were metered
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
    @Nullable String gpuDriverVersion,
    @Nullable MachineWish machine,
    @Nullable SpotWish spot,
    @Nullable ImageCacheWish imageCache,
    @Nullable String dataCacheBucket,
    @Nullable Integer dataCacheGib) {

  public KeptFields {
    // Absent in records that were written before there were disks.
    // In one order everywhere: what a request means is hashed.
    disks = disks == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(disks));
    // Absent in records that were written before groups waited for several.
    vSwitchTries = vSwitchTries == null ? List.of() : List.copyOf(vSwitchTries);
  }

  /** Of a group that named no kind of machine and pays in full. */
  public KeptFields(
      @Nullable String vSwitchId,
      @Nullable String securityGroupId,
      @Nullable String resourceGroupId,
      @Nullable String ramRoleName,
      @Nullable String dnsPolicy,
      @Nullable OwnerFields owner,
      Map<String, KeptDisk> disks,
      List<String> vSwitchTries) {
    this(
        vSwitchId,
        securityGroupId,
        resourceGroupId,
        ramRoleName,
        dnsPolicy,
        owner,
        disks,
        vSwitchTries,
        null,
        null,
        null,
        null,
        null,
        null);
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
        List.of());
  }

  /** The same in another resource group. */
  KeptFields inResourceGroup(String id) {
    return new KeptFields(
        vSwitchId,
        securityGroupId,
        id,
        ramRoleName,
        dnsPolicy,
        owner,
        disks,
        vSwitchTries,
        gpuDriverVersion,
        machine,
        spot,
        imageCache,
        dataCacheBucket,
        dataCacheGib);
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
        gpuDriverVersion,
        machine,
        spot,
        imageCache,
        dataCacheBucket,
        dataCacheGib);
  }

  /** The same in another vSwitch, or, as long as it has no host, in one of several. */
  KeptFields inVSwitch(String id, List<String> tries) {
    return new KeptFields(
        id,
        securityGroupId,
        resourceGroupId,
        ramRoleName,
        dnsPolicy,
        owner,
        disks,
        tries,
        gpuDriverVersion,
        machine,
        spot,
        imageCache,
        dataCacheBucket,
        dataCacheGib);
  }

  /** How the disk of a volume was asked for. */
  KeptDisk disk(String volume) {
    return disks.getOrDefault(volume, new KeptDisk(false, false, false, null));
  }

  /** The same naming other kinds of machines, or none. */
  KeptFields wishing(@Nullable MachineWish other) {
    return new KeptFields(
        vSwitchId,
        securityGroupId,
        resourceGroupId,
        ramRoleName,
        dnsPolicy,
        owner,
        disks,
        vSwitchTries,
        gpuDriverVersion,
        other,
        spot,
        imageCache,
        dataCacheBucket,
        dataCacheGib);
  }

  /** The same, when it is this one of the kinds that it named; null while it may be any. */
  KeptFields being(@Nullable Integer option) {
    return machine == null ? this : wishing(machine.being(option));
  }

  /** The same starting from an image cache, or from none. */
  KeptFields startingFrom(@Nullable ImageCacheUse use) {
    return imageCache == null
        ? this
        : new KeptFields(
            vSwitchId,
            securityGroupId,
            resourceGroupId,
            ramRoleName,
            dnsPolicy,
            owner,
            disks,
            vSwitchTries,
            gpuDriverVersion,
            machine,
            spot,
            imageCache.using(use),
            dataCacheBucket,
            dataCacheGib);
  }

  /** GiB of the disk that it got from its image cache which are not free; 0 without one. */
  int cacheGibBeyondFree() {
    ImageCacheUse use = imageCache == null ? null : imageCache.use();
    return use == null ? 0 : Metered.imageCacheUse(use.sizeGib()).storageGib();
  }

  /** The same with disks of so many GiB from data caches. */
  KeptFields withDataDisks(int gib) {
    return gib == 0
        ? this
        : new KeptFields(
            vSwitchId,
            securityGroupId,
            resourceGroupId,
            ramRoleName,
            dnsPolicy,
            owner,
            disks,
            vSwitchTries,
            gpuDriverVersion,
            machine,
            spot,
            imageCache,
            dataCacheBucket,
            gib);
  }

  /** GiB of the disks that it got from data caches. */
  int dataGib() {
    return dataCacheGib == null ? 0 : dataCacheGib;
  }

  /** What it is of the kinds that it named; null if it named none, or may be any of several. */
  @Nullable MachineOption option() {
    return machine == null ? null : machine.option().orElse(null);
  }

  /** By which items it is charged. */
  public Tariff tariff() {
    MachineOption option = option();
    return option == null ? Tariff.STANDARD : new Tariff(option.tariff());
  }

  /** Its compute category; null if it has none or may be of several. */
  @Nullable String computeCategory() {
    if (machine == null) {
      return MachineOption.GENERAL;
    }
    MachineOption option = option();
    return option == null || option.instanceType() != null ? null : option.computeCategory();
  }
}
