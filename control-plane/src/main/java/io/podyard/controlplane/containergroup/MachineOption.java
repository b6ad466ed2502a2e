package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostWishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that will do for a group: an instance type, or a size of a compute category.
 *
 * @param instanceType null for a size
 * @param size that the group has then
 * @param computeCategory {@link #GENERAL} or {@link #ECONOMY}; empty for an instance type
 * @param architecture {@code amd64} or {@code arm64}; null where nothing was said of it
 * @param gpuModel empty without GPUs
 * @param gpuThousandths as in {@link InstanceType}
 * @param tariff the code of the {@link Tariff} by which it is charged
 */
public record MachineOption(
    @Nullable String instanceType,
    Size size,
    String computeCategory,
    @Nullable String architecture,
    String gpuModel,
    int gpuThousandths,
    String tariff) {

  /** What groups and pools are that say nothing (contract section 6). */
  public static final String GENERAL = "general";

  /** On hosts that cost less; those of general groups are others. */
  public static final String ECONOMY = "economy";

  /** An instance type. */
  static MachineOption of(InstanceType type) {
    return new MachineOption(
        type.name(),
        type.size(),
        "",
        type.architecture(),
        type.gpuModel(),
        type.gpuThousandths(),
        "");
  }

  /** A size. */
  static MachineOption of(Size size, String computeCategory, @Nullable String architecture) {
    // Economy is never ARM64, so it says which hosts it means.
    String wanted =
        computeCategory.equals(ECONOMY) && architecture == null ? "amd64" : architecture;
    return new MachineOption(null, size, computeCategory, wanted, "", 0, "");
  }

  /** By which items it is charged if it is chosen now. */
  Tariff tariffOf(Prices prices, RegionId region) {
    String type = instanceType;
    if (type != null) {
      return prices.ofInstanceType(region, type, gpuModel);
    }
    return computeCategory.equals(ECONOMY) ? Tariff.ECONOMY : Tariff.STANDARD;
  }

  /**
   * What a group that is this, and whose containers ask for no GPUs, is billed for.
   *
   * @param storageGib beyond what every group has
   */
  Metered metered(Tariff by, int storageGib) {
    return new Metered(size, gpuThousandths, by, storageGib);
  }

  /** The same of a group whose containers may ask for GPUs, which counts for a size. */
  Metered metered(GroupSpec spec, Tariff by) {
    return new Metered(
        size,
        instanceType == null ? spec.gpuMilli() : gpuThousandths,
        by,
        EphemeralStorage.additionalGib(spec));
  }

  MachineOption chargedBy(Tariff other) {
    return new MachineOption(
        instanceType, size, computeCategory, architecture, gpuModel, gpuThousandths, other.code());
  }

  /** The instance type, or what the size is called. */
  String name() {
    String type = instanceType;
    return type == null ? new AskedSize(size).name() : type;
  }

  /** As it is named in a sentence. */
  String label() {
    return instanceType == null
        ? "ComputeCategory %s, %s".formatted(computeCategory, name())
        : "InstanceType " + instanceType;
  }

  /**
   * What it asks of hosts, the best first. An instance type runs on hosts that are declared to be
   * of it or of its family; where none of these has room, also on those that are declared to be of
   * none and have what it has.
   */
  List<HostAttempt> attempts(int number, GpuRequest gpus) {
    List<HostAttempt> attempts = new ArrayList<>();
    HostWishes wishes = HostWishes.ANY.withArchitecture(architecture);
    String type = instanceType;
    if (type == null) {
      attempts.add(attempt(number, false, gpus, wishes.withComputeCategory(computeCategory)));
      return attempts;
    }
    String family = InstanceType.familyOf(type);
    attempts.add(attempt(number, true, gpus, wishes.withInstanceTypes(Set.of(type, family))));
    HostWishes also =
        wishes.withInstanceTypes(Set.of(type, family, "")).withComputeCategory(GENERAL);
    attempts.add(
        attempt(
            number, false, gpus, gpuModel.isEmpty() ? also : also.withGpuModels(Set.of(gpuModel))));
    return attempts;
  }

  private HostAttempt attempt(int number, boolean aside, GpuRequest gpus, HostWishes wishes) {
    return new HostAttempt(number, label(), aside, size, gpus, wishes);
  }
}
