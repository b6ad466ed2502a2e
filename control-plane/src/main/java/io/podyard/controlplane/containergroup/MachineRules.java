package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of machines a request names, and how large the group becomes (contract section 6).
 *
 * <ul>
 *   <li>InstanceType: names of instance types and sizes like {@code 2-4Gi}, tried in their order.
 *       They count instead of Cpu and Memory, and for an instance type ComputeCategory says
 *       nothing.
 *   <li>ComputeCategory: general or economy, tried in their order; economy has at most 8 vCPU and
 *       is neither ARM64 nor spot.
 *   <li>CpuArchitecture: AMD64 or ARM64. Without it a size runs on AMD64, or on what there is where
 *       a region has nothing else.
 * </ul>
 */
final class MachineRules {

  /** Of what a group is tried with hosts are asked each second while it waits. */
  private static final int MOST_TYPES = 10;

  private static final MilliCpu MOST_ECONOMY_CPU = MilliCpu.of(8000);
  private static final String TYPE = "InstanceType";
  private static final String CATEGORY = "ComputeCategory";
  private static final String ARCHITECTURE = "CpuArchitecture";

  /**
   * What it named; of no use if there are findings.
   *
   * @param wish null if it named no kind of machine
   * @param sizes of the group, or of the smallest that it may become, and of its containers
   */
  record Read(@Nullable MachineWish wish, GroupSizes sizes) {}

  private final InstanceTypes catalogue;
  private final RegionId region;
  private final CreateContainerGroupRequest request;
  private final List<ContainerAsked> containers;
  private final Findings findings;
  private final List<String> categories = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private @Nullable String architecture;

  MachineRules(
      InstanceTypes catalogue,
      RegionId region,
      CreateContainerGroupRequest request,
      List<ContainerAsked> containers,
      Findings findings) {
    this.catalogue = catalogue;
    this.region = region;
    this.request = request;
    this.containers = containers;
    this.findings = findings;
  }

  Read read() {
    List<String> names = names(request.instanceType(), findings);
    architecture = architecture();
    categories();
    if (names.isEmpty()) {
      GroupSizes sizes = GroupSizes.read(region, request, containers, findings);
      boolean nothing = categories.isEmpty() && architecture == null;
      return new Read(nothing ? null : wish(names, ofSize(sizes.group())), sizes);
    }
    // They do not count, but a number that is none stays a mistake.
    GroupSizes.checkOwn(request, findings);
    Map<String, List<MachineOption>> options = new LinkedHashMap<>();
    names.forEach(name -> options.put(name, options(name)));
    refuseTypes();
    Map<String, Size> sizes = new LinkedHashMap<>();
    options.forEach(
        (name, some) -> some.stream().findFirst().ifPresent(one -> sizes.put(name, one.size())));
    if (sizes.isEmpty()) {
      return new Read(
          null, GroupSizes.ofTypes(Map.of(TYPE, SizeTable.DEFAULT), List.of(), findings));
    }
    return new Read(
        wish(names, options.values().stream().flatMap(List::stream).toList()),
        GroupSizes.ofTypes(sizes, containers, findings));
  }

  private MachineWish wish(List<String> names, List<MachineOption> options) {
    return new MachineWish(
        names, categories, architecture, options.stream().distinct().toList(), null);
  }

  /** The names in a list with commas; each once. */
  static List<String> names(@Nullable String list, Findings findings) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : list.split(",", -1)) {
      if (name.isBlank()) {
        findings.invalid(TYPE, list, "must hold names with one comma between them");
        return List.of();
      }
      names.add(name.strip());
    }
    if (names.size() > MOST_TYPES) {
      findings.tooMany(TYPE, names.size(), MOST_TYPES);
    }
    return List.copyOf(names);
  }

  private @Nullable String architecture() {
    String asked = request.cpuArchitecture();
    if (asked == null || asked.isEmpty()) {
      return null;
    }
    return switch (asked) {
      case "AMD64" -> "amd64";
      case "ARM64" -> "arm64";
      default -> {
        findings.invalid(ARCHITECTURE, asked, "must be AMD64 or ARM64");
        yield null;
      }
    };
  }

  private void categories() {
    Set<String> all = new LinkedHashSet<>();
    for (int i = 0; i < request.computeCategory().size(); i++) {
      String category = request.computeCategory().get(i);
      if (category == null || category.isEmpty()) {
        continue;
      }
      if (!isCategory(category)) {
        findings.invalid(CATEGORY + "." + (i + 1), category, "must be economy or general");
      } else {
        all.add(category);
      }
    }
    categories.addAll(all);
  }

  static boolean isCategory(String text) {
    return text.equals(MachineOption.GENERAL) || text.equals(MachineOption.ECONOMY);
  }

  private List<MachineOption> options(String name) {
    if (AskedSize.isName(name)) {
      Optional<Size> size = AskedSize.named(region, name);
      if (size.isEmpty()) {
        findings.with(
            ErrorCode.INVALID_PARAMETER_CPU_MEMORY, TYPE, name, "is larger than any group can be");
      }
      return size.map(this::ofSize).orElse(List.of());
    }
    InstanceType type = catalogue.find(name).orElse(null);
    if (type == null) {
      unknown.add(name);
      return List.of();
    }
    if (architecture != null && !architecture.equals(type.architecture())) {
      others.add(name);
    }
    return List.of(MachineOption.of(type));
  }

  /** A parameter is told one problem, so that names all. */
  private void refuseTypes() {
    if (!unknown.isEmpty()) {
      findings.invalid(
          TYPE,
          String.join(",", unknown),
          "must name instance types that there are, or sizes like 2-4Gi");
    } else if (!others.isEmpty()) {
      findings.with(
          ErrorCode.INSTANCE_TYPE_NOT_MATCH_CPU_ARCH,
          TYPE,
          String.join(",", others),
          "must be of the architecture that CpuArchitecture asks for, "
              + request.cpuArchitecture());
    }
  }

  private List<MachineOption> ofSize(Size size) {
    if (categories.contains(MachineOption.ECONOMY)) {
      checkEconomy(size);
    }
    Stream<String> each =
        categories.isEmpty() ? Stream.of(MachineOption.GENERAL) : categories.stream();
    return each.map(category -> MachineOption.of(size, category, architecture)).toList();
  }

  private void checkEconomy(Size size) {
    if ("arm64".equals(architecture)) {
      conflict("economy is never ARM64, which CpuArchitecture asks for", findings);
    }
    String spot = request.spotStrategy();
    if (spot != null && !spot.isEmpty() && !spot.equals("NoSpot")) {
      conflict("economy is never spot, which SpotStrategy asks for", findings);
    }
    checkEconomySize(size, findings);
  }

  static void checkEconomySize(Size size, Findings findings) {
    if (size.cpu().compareTo(MOST_ECONOMY_CPU) > 0) {
      String vcpu = size.cpu().vcpu().stripTrailingZeros().toPlainString();
      conflict("economy has 0.25 to 8 vCPU, and the group " + vcpu, findings);
    }
  }

  private static void conflict(String why, Findings findings) {
    findings.with(
        ErrorCode.FEATURE_BASED_CONSTRAINT_CONFLICT, CATEGORY, MachineOption.ECONOMY, why);
  }
}
