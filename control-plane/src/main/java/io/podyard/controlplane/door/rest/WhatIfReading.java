package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.MachineOption;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostWishes;
import io.podyard.scheduler.PlacementRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an operator asks about: any amount of any kind of host, also what no group can have.
 */
final class WhatIfReading {

  private static final BigDecimal MOST = new BigDecimal(1_000_000);
  private static final Set<String> CATEGORIES =
      Set.of(MachineOption.GENERAL, MachineOption.ECONOMY);
  private static final BigDecimal MILLI = new BigDecimal(1000);

  private WhatIfReading() {}

  /** What is asked for; of no use if there are problems. */
  static PlacementRequest read(RegionId region, @Nullable PoolId pool, OwnFields fields) {
    String zone = fields.text("ZoneId");
    BigDecimal cpu = amount("Cpu", fields.decimal("Cpu"), fields);
    BigDecimal memory = amount("Memory", fields.decimal("Memory"), fields);
    int diskMib =
        fields.text("Disk") == null
            ? GroupSpec.DEFAULT_EPHEMERAL_MIB
            : MemoryMib.ofGib(amount("Disk", fields.decimal("Disk"), fields)).value();
    Size size =
        new Size(
            MilliCpu.of(cpu.multiply(MILLI).setScale(0, RoundingMode.UP).intValueExact()),
            MemoryMib.ofGib(memory));
    return PlacementRequest.anywhereIn(region, size)
        .inZone(zone == null ? null : new ZoneId(zone))
        .withDisk(diskMib)
        .withGpus(gpus(fields))
        .wishing(
            new HostWishes(
                fields.text("Architecture"),
                one(fields.text("InstanceType")),
                one(fields.text("GpuModel")),
                labels(fields.text("Labels")),
                pool == null ? List.of() : List.of(pool),
                category(fields)));
  }

  private static @Nullable String category(OwnFields fields) {
    String category = fields.text("ComputeCategory");
    if (category != null && !CATEGORIES.contains(category)) {
      fields.refuse("ComputeCategory", category, "must be general or economy");
    }
    return category;
  }

  /** A number that is in range, else 0 after the problem is noted. */
  private static BigDecimal amount(String name, @Nullable BigDecimal value, OwnFields fields) {
    if (value == null || value.compareTo(MOST) > 0) {
      if (value != null) {
        fields.refuse(name, value.toPlainString(), "must be at most " + MOST.toPlainString());
      }
      return BigDecimal.ZERO;
    }
    return value;
  }

  private static GpuRequest gpus(OwnFields fields) {
    Integer count = fields.number("Gpus", 0, GpuRequest.MOST);
    String share = fields.text("GpuShare");
    if (share == null) {
      return GpuRequest.whole(count == null ? 0 : count);
    }
    BigDecimal value = fields.decimal("GpuShare");
    BigDecimal milli = value == null ? BigDecimal.ZERO : value.multiply(MILLI).stripTrailingZeros();
    if (count != null && count > 0) {
      fields.refuse("GpuShare", share, "must not be given beside whole GPUs");
    } else if (milli.signum() <= 0 || milli.compareTo(MILLI) > 0 || milli.scale() > 0) {
      fields.refuse("GpuShare", share, "must be above 0 and at most 1, in thousandths");
    } else {
      return GpuRequest.shared(milli.intValueExact());
    }
    return GpuRequest.NONE;
  }

  private static Set<String> one(@Nullable String value) {
    return value == null ? Set.of() : Set.of(value);
  }

  private static Set<String> labels(@Nullable String value) {
    return value == null
        ? Set.of()
        : Arrays.stream(value.split(",")).map(String::strip).collect(Collectors.toSet());
  }
}
