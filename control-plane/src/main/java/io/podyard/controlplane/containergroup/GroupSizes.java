package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How large a group and its containers become (contract section 6).
 *
 * <ul>
 *   <li>What the group says itself counts. What it does not say is the sum of its containers, those
 *       left out that ask for it, but no less than its largest init container, because those run
 *       alone and before the others.
 *   <li>If nobody says anything it has {@link SizeTable#DEFAULT}. If only vCPU are said it has 2
 *       GiB for each, as by default; if only memory is said it has the fewest vCPU offered with it.
 *   <li>The result is raised to a supported pair.
 *   <li>A container keeps what it says. If it says only one of the two it may use all of the
 *       group's other one.
 * </ul>
 */
final class GroupSizes {

  private static final BigDecimal SMALLEST = new BigDecimal("0.001");
  private static final BigDecimal MOST_VCPU = SizeTable.LARGEST.cpu().vcpu();
  private static final BigDecimal MOST_GIB = SizeTable.LARGEST.memory().gib();

  /** As in the default size. */
  private static final int MIB_FOR_EACH_VCPU = 2048;

  /** What was said of a size; null where nothing was. */
  private record Said(@Nullable MilliCpu cpu, @Nullable MemoryMib memory) {

    static final Said NOTHING = new Said(null, null);

    Said plus(Said other) {
      return new Said(
          cpu == null ? other.cpu : other.cpu == null ? cpu : cpu.plus(other.cpu),
          memory == null
              ? other.memory
              : other.memory == null ? memory : memory.plus(other.memory));
    }

    Said atLeast(Said other) {
      return new Said(
          other.cpu == null || (cpu != null && cpu.compareTo(other.cpu) > 0) ? cpu : other.cpu,
          other.memory == null || (memory != null && memory.compareTo(other.memory) > 0)
              ? memory
              : other.memory);
    }

    Said orElse(Said other) {
      return new Said(cpu == null ? other.cpu : cpu, memory == null ? other.memory : memory);
    }
  }

  private final Size group;
  private final Map<String, Said> containers;

  private GroupSizes(Size group, Map<String, Said> containers) {
    this.group = group;
    this.containers = containers;
  }

  /** What is reserved and billed. */
  Size group() {
    return group;
  }

  /** The container's own limit, null if it said nothing. */
  @Nullable Size of(ContainerAsked container) {
    Said said = containers.getOrDefault(container.path(), Said.NOTHING);
    if (said.cpu() == null && said.memory() == null) {
      return null;
    }
    return new Size(
        said.cpu() == null ? group.cpu() : said.cpu(),
        said.memory() == null ? group.memory() : said.memory());
  }

  /** Reads them; after a problem the result is of no use, but there is one. */
  static GroupSizes read(
      RegionId region,
      CreateContainerGroupRequest request,
      List<ContainerAsked> asked,
      Findings findings) {
    int before = findings.count();
    Said said = said("", request.cpu(), request.memory(), findings);
    Map<String, Said> containers = containers(asked, findings);
    if (findings.count() > before) {
      return new GroupSizes(SizeTable.DEFAULT, containers);
    }
    Said together = Said.NOTHING;
    Said largestInit = Said.NOTHING;
    for (ContainerAsked container : asked) {
      Said one = containers.getOrDefault(container.path(), Said.NOTHING);
      if (container.sizeIgnored()) {
        continue;
      }
      if (container.init()) {
        largestInit = largestInit.atLeast(one);
        checkInit(container, one, said, findings);
      } else {
        together = together.plus(one);
      }
    }
    checkSum(request, together, said, findings);
    Optional<Size> raised = raise(region, said.orElse(together.atLeast(largestInit)));
    if (raised.isEmpty()) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          "Container",
          null,
          "ask for %s vCPU and %s GiB together; a group has at most %s vCPU and %s GiB"
              .formatted(
                  vcpu(together.cpu()), gib(together.memory()), plain(MOST_VCPU), plain(MOST_GIB)));
    }
    return new GroupSizes(raised.orElse(SizeTable.DEFAULT), containers);
  }

  /**
   * Those of a group of instance types: the group has the size of its type, and what its containers
   * say has to fit into every one. A container that says only one of the two may use all of the
   * other one that the smallest has.
   *
   * @param types at least one, by their names
   */
  static GroupSizes ofTypes(
      Map<String, Size> types, List<ContainerAsked> asked, Findings findings) {
    Size smallest =
        types.values().stream()
            .reduce(
                (a, b) ->
                    new Size(
                        a.cpu().compareTo(b.cpu()) < 0 ? a.cpu() : b.cpu(),
                        a.memory().compareTo(b.memory()) < 0 ? a.memory() : b.memory()))
            .orElseThrow();
    int before = findings.count();
    Map<String, Said> containers = containers(asked, findings);
    if (findings.count() > before) {
      return new GroupSizes(smallest, containers);
    }
    Said together = Said.NOTHING;
    for (ContainerAsked container : asked) {
      Said one = containers.getOrDefault(container.path(), Said.NOTHING);
      if (container.sizeIgnored()) {
        continue;
      }
      if (container.init()) {
        checkInit(container, one, new Said(smallest.cpu(), smallest.memory()), findings);
      } else {
        together = together.plus(one);
      }
    }
    List<String> tooSmall = new ArrayList<>();
    for (Map.Entry<String, Size> type : types.entrySet()) {
      if (exceeds(together.cpu(), type.getValue().cpu())
          || exceeds(together.memory(), type.getValue().memory())) {
        tooSmall.add(type.getKey());
      }
    }
    if (!tooSmall.isEmpty()) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          "InstanceType",
          String.join(",", tooSmall),
          "must have at least the %s vCPU and %s GiB that its containers ask for together"
              .formatted(vcpu(together.cpu()), gib(together.memory())));
    }
    return new GroupSizes(smallest, containers);
  }

  /** What the group says itself, where it does not count. */
  static void checkOwn(CreateContainerGroupRequest request, Findings findings) {
    Said _ = said("", request.cpu(), request.memory(), findings);
  }

  private static Map<String, Said> containers(List<ContainerAsked> asked, Findings findings) {
    Map<String, Said> containers = new HashMap<>();
    for (ContainerAsked container : asked) {
      containers.put(
          container.path(),
          said(container.path() + ".", container.cpu(), container.memory(), findings));
    }
    return containers;
  }

  private static Optional<Size> raise(RegionId region, Said wanted) {
    MilliCpu cpu = wanted.cpu();
    MemoryMib memory = wanted.memory();
    if (cpu == null && memory == null) {
      return Optional.of(SizeTable.DEFAULT);
    }
    if (memory == null) {
      long milliCpu = cpu == null ? 0 : cpu.value();
      memory = MemoryMib.of(Math.toIntExact(Math.ceilDiv(milliCpu * MIB_FOR_EACH_VCPU, 1000)));
    }
    return SizeTable.raise(region, cpu == null ? MilliCpu.ZERO : cpu, memory);
  }

  private static Said said(
      String prefix, @Nullable BigDecimal vcpu, @Nullable BigDecimal gib, Findings findings) {
    boolean cpu = vcpu != null && inRange(prefix + "Cpu", vcpu, MOST_VCPU, "vCPU", findings);
    boolean memory = gib != null && inRange(prefix + "Memory", gib, MOST_GIB, "GiB", findings);
    return new Said(
        vcpu == null || !cpu ? null : MilliCpu.ofVcpu(vcpu),
        gib == null || !memory ? null : MemoryMib.ofGib(gib));
  }

  private static boolean inRange(
      String parameter, BigDecimal value, BigDecimal most, String unit, Findings findings) {
    boolean inside = value.compareTo(SMALLEST) >= 0 && value.compareTo(most) <= 0;
    if (!inside) {
      findings.outOfRange(
          parameter, value, "must be from %s to %s %s".formatted(SMALLEST, plain(most), unit));
    }
    return inside;
  }

  private static void checkSum(
      CreateContainerGroupRequest request, Said together, Said group, Findings findings) {
    if (exceeds(together.cpu(), group.cpu())) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          "Cpu",
          String.valueOf(request.cpu()),
          "must be at least the %s vCPU its containers ask for together"
              .formatted(vcpu(together.cpu())));
    }
    if (exceeds(together.memory(), group.memory())) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          "Memory",
          String.valueOf(request.memory()),
          "must be at least the %s GiB its containers ask for together"
              .formatted(gib(together.memory())));
    }
  }

  private static void checkInit(ContainerAsked container, Said one, Said group, Findings findings) {
    if (exceeds(one.cpu(), group.cpu())) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          container.path() + ".Cpu",
          String.valueOf(container.cpu()),
          "must be at most the %s vCPU of its group".formatted(vcpu(group.cpu())));
    }
    if (exceeds(one.memory(), group.memory())) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_CPU_MEMORY,
          container.path() + ".Memory",
          String.valueOf(container.memory()),
          "must be at most the %s GiB of its group".formatted(gib(group.memory())));
    }
  }

  private static <A extends Comparable<A>> boolean exceeds(@Nullable A asked, @Nullable A given) {
    return asked != null && given != null && asked.compareTo(given) > 0;
  }

  private static String vcpu(@Nullable MilliCpu cpu) {
    return cpu == null ? "0" : plain(cpu.vcpu());
  }

  private static String gib(@Nullable MemoryMib memory) {
    return memory == null ? "0" : plain(memory.gib());
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
