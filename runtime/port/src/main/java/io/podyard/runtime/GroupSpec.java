package io.podyard.runtime;

import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container group as Podyard wants and stores it: pod-shaped, independent of any door's wire
 * format.
 *
 * @param version format of this document; {@link #CURRENT_VERSION} when written today
 * @param size limit of all containers together; what is reserved and billed
 * @param initContainers run one after the other before the others
 * @param containers at least one
 * @param plainHttpRegistries registries spoken to without TLS, {@code host[:port]}
 * @param insecureRegistries registries whose certificate is not verified, {@code host[:port]}
 * @param dns null for the host's resolver
 * @param hostName null for the group's name
 * @param terminationGraceSeconds from the stop signal to the kill, 0 or more
 * @param activeDeadlineSeconds life of the group from its first running container, null for ever
 * @param maxPendingMinutes how long the group may be Pending before it fails, 1 or more
 * @param vSwitch decides with the account in which network the group is and never changes; null for
 *     none, and in groups stored before it was kept here
 * @param kernel null for {@link KernelSettings#DEFAULT}
 * @param ephemeralStorageMib disk that its containers may fill beside their images, empty folders
 *     on disk included; null for {@link #DEFAULT_EPHEMERAL_MIB}
 * @param address the one that the group has in its vSwitch for all its life; null if its host
 *     chooses one
 * @param gpus null for none
 * @param cachedImages images of its containers that are taken from image caches; none in groups
 *     stored before it was kept here
 */
public record GroupSpec(
    int version,
    String name,
    Size size,
    RestartPolicy restartPolicy,
    List<ContainerSpec> initContainers,
    List<ContainerSpec> containers,
    List<VolumeSpec> volumes,
    List<RegistryCredential> registryCredentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries,
    List<HostAlias> hostAliases,
    @Nullable DnsSettings dns,
    @Nullable String hostName,
    int terminationGraceSeconds,
    @Nullable Long activeDeadlineSeconds,
    int maxPendingMinutes,
    @Nullable VSwitchId vSwitch,
    @Nullable KernelSettings kernel,
    @Nullable Integer ephemeralStorageMib,
    @Nullable GroupAddress address,
    @Nullable GroupGpus gpus,
    List<CachedImage> cachedImages) {

  public static final int CURRENT_VERSION = 1;
  public static final int DEFAULT_GRACE_SECONDS = 30;
  public static final int DEFAULT_MAX_PENDING_MINUTES = 60;

  /** What every group has, whatever its size (contract section 18). */
  public static final int DEFAULT_EPHEMERAL_MIB = 30 * 1024;

  public GroupSpec {
    if (containers.isEmpty()) {
      throw new IllegalArgumentException("a group needs at least one container");
    }
    initContainers = List.copyOf(initContainers);
    containers = List.copyOf(containers);
    volumes = List.copyOf(volumes);
    registryCredentials = List.copyOf(registryCredentials);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    insecureRegistries = List.copyOf(insecureRegistries);
    hostAliases = List.copyOf(hostAliases);
    cachedImages = List.copyOf(Objects.requireNonNullElse(cachedImages, List.of()));
    kernel = KernelSettings.DEFAULT.equals(kernel) ? null : kernel;
    ephemeralStorageMib =
        ephemeralStorageMib != null && ephemeralStorageMib == DEFAULT_EPHEMERAL_MIB
            ? null
            : ephemeralStorageMib;
  }

  /** A group without GPUs that takes nothing from caches. */
  public GroupSpec(
      int version,
      String name,
      Size size,
      RestartPolicy restartPolicy,
      List<ContainerSpec> initContainers,
      List<ContainerSpec> containers,
      List<VolumeSpec> volumes,
      List<RegistryCredential> registryCredentials,
      List<String> plainHttpRegistries,
      List<String> insecureRegistries,
      List<HostAlias> hostAliases,
      @Nullable DnsSettings dns,
      @Nullable String hostName,
      int terminationGraceSeconds,
      @Nullable Long activeDeadlineSeconds,
      int maxPendingMinutes,
      @Nullable VSwitchId vSwitch,
      @Nullable KernelSettings kernel,
      @Nullable Integer ephemeralStorageMib,
      @Nullable GroupAddress address) {
    this(
        version,
        name,
        size,
        restartPolicy,
        initContainers,
        containers,
        volumes,
        registryCredentials,
        plainHttpRegistries,
        insecureRegistries,
        hostAliases,
        dns,
        hostName,
        terminationGraceSeconds,
        activeDeadlineSeconds,
        maxPendingMinutes,
        vSwitch,
        kernel,
        ephemeralStorageMib,
        address,
        null,
        List.of());
  }

  /** A group of containers with everything else as it is by default. */
  public static GroupSpec of(
      String name, Size size, RestartPolicy restartPolicy, ContainerSpec... containers) {
    return new GroupSpec(
        CURRENT_VERSION,
        name,
        size,
        restartPolicy,
        List.of(),
        List.of(containers),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        DEFAULT_GRACE_SECONDS,
        null,
        DEFAULT_MAX_PENDING_MINUTES,
        null,
        null,
        null,
        null);
  }

  /** Disk that its containers may fill beside their images, in MiB. */
  public int ephemeralMib() {
    return ephemeralStorageMib == null ? DEFAULT_EPHEMERAL_MIB : ephemeralStorageMib;
  }

  /** Thousandths of a GPU that it has in all. */
  public int gpuMilli() {
    return gpus == null ? 0 : gpus.milli();
  }

  /** Whether its containers see and may signal one another's processes. */
  public boolean sharesProcesses() {
    return kernel != null && kernel.sharedProcesses();
  }

  /** Parameters of the kernel that the group wants, by name. */
  public Map<String, String> sysctls() {
    return kernel == null ? Map.of() : kernel.parameters();
  }

  /** The same in a vSwitch, for a group that is not there yet, at an address of its host's. */
  public GroupSpec inVSwitch(@Nullable VSwitchId other) {
    return with(initContainers, containers, volumes, other, kernel, ephemeralStorageMib, null);
  }

  /** The same at an address, for a group that is not there yet. */
  public GroupSpec at(@Nullable GroupAddress other) {
    return with(initContainers, containers, volumes, vSwitch, kernel, ephemeralStorageMib, other);
  }

  /** The same of another size, for a group that is not there yet. */
  public GroupSpec withSize(Size other) {
    return with(other, gpus, cachedImages);
  }

  /** The same with other settings of the kernel. */
  public GroupSpec withKernel(@Nullable KernelSettings other) {
    return with(initContainers, containers, volumes, vSwitch, other, ephemeralStorageMib, address);
  }

  /** The same with other limits of what it may write to disk. */
  public GroupSpec withEphemeralMib(int mib) {
    return with(initContainers, containers, volumes, vSwitch, kernel, mib, address);
  }

  /** The same with other containers. */
  public GroupSpec withContainers(
      List<ContainerSpec> otherInitContainers, List<ContainerSpec> otherContainers) {
    return with(
        otherInitContainers,
        otherContainers,
        volumes,
        vSwitch,
        kernel,
        ephemeralStorageMib,
        address);
  }

  /** The same with other volumes. */
  public GroupSpec withVolumes(List<VolumeSpec> otherVolumes) {
    return with(
        initContainers, containers, otherVolumes, vSwitch, kernel, ephemeralStorageMib, address);
  }

  /** The same with other GPUs. */
  public GroupSpec withGpus(@Nullable GroupGpus other) {
    return with(size, other, cachedImages);
  }

  /** The same with other images taken from caches. */
  public GroupSpec withCachedImages(List<CachedImage> others) {
    return with(size, gpus, others);
  }

  /** What an image of its containers is taken from, if that is a cache. */
  public Optional<CachedImage> cached(String image) {
    return cachedImages.stream().filter(cached -> cached.image().equals(image)).findFirst();
  }

  private GroupSpec with(
      Size otherSize, @Nullable GroupGpus otherGpus, List<CachedImage> otherCached) {
    return new GroupSpec(
        version,
        name,
        otherSize,
        restartPolicy,
        initContainers,
        containers,
        volumes,
        registryCredentials,
        plainHttpRegistries,
        insecureRegistries,
        hostAliases,
        dns,
        hostName,
        terminationGraceSeconds,
        activeDeadlineSeconds,
        maxPendingMinutes,
        vSwitch,
        kernel,
        ephemeralStorageMib,
        address,
        otherGpus,
        otherCached);
  }

  private GroupSpec with(
      List<ContainerSpec> otherInitContainers,
      List<ContainerSpec> otherContainers,
      List<VolumeSpec> otherVolumes,
      @Nullable VSwitchId otherVSwitch,
      @Nullable KernelSettings otherKernel,
      @Nullable Integer otherEphemeralMib,
      @Nullable GroupAddress otherAddress) {
    return new GroupSpec(
        version,
        name,
        size,
        restartPolicy,
        otherInitContainers,
        otherContainers,
        otherVolumes,
        registryCredentials,
        plainHttpRegistries,
        insecureRegistries,
        hostAliases,
        dns,
        hostName,
        terminationGraceSeconds,
        activeDeadlineSeconds,
        maxPendingMinutes,
        otherVSwitch,
        otherKernel,
        otherEphemeralMib,
        otherAddress,
        gpus,
        cachedImages);
  }
}
