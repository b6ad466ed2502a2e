package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequestBuilder;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How large a changed group and its containers become (contract sections 6 and 12). A group whose
 * request names one of Cpu and Memory keeps the other. One whose request names neither keeps both,
 * unless its containers ask for more together: then it grows to what they ask for.
 */
final class UpdatedSizes {

  private final GroupSizes sizes;
  private final Size group;

  private UpdatedSizes(GroupSizes sizes, Size group) {
    this.sizes = sizes;
    this.group = group;
  }

  static UpdatedSizes read(
      GroupRecord record,
      CreateContainerGroupRequest request,
      List<ContainerAsked> asked,
      boolean incremental,
      Findings findings) {
    UpdatedSizes sizes = sizes(record, request, asked, incremental, findings);
    if (record.kept().spot() != null && !sizes.group().equals(record.spec().size())) {
      SpotRules.checkSize(
          sizes.group(), ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC, "Cpu", findings);
    }
    return sizes;
  }

  private static UpdatedSizes sizes(
      GroupRecord record,
      CreateContainerGroupRequest request,
      List<ContainerAsked> asked,
      boolean incremental,
      Findings findings) {
    Size before = record.spec().size();
    MachineOption option = record.kept().option();
    if (option != null && option.instanceType() != null) {
      return ofType(option.instanceType(), record, request, asked, incremental, findings);
    }
    boolean saysSize = request.cpu() != null || request.memory() != null;
    CreateContainerGroupRequestBuilder sized = CreateContainerGroupRequest.builder();
    if (saysSize) {
      sized.cpu(request.cpu() == null ? before.cpu().vcpu() : request.cpu());
      sized.memory(request.memory() == null ? before.memory().gib() : request.memory());
    }
    List<ContainerAsked> all = new ArrayList<>(asked);
    all.addAll(staying(record, request, asked, incremental));
    int found = findings.count();
    GroupSizes sizes = GroupSizes.read(record.region(), sized.build(), all, findings);
    if (saysSize || findings.count() > found) {
      return economic(option, new UpdatedSizes(sizes, sizes.group()), findings);
    }
    boolean nobodyAsks = all.stream().allMatch(c -> c.cpu() == null && c.memory() == null);
    if (nobodyAsks || sizes.group().fitsIn(before)) {
      return new UpdatedSizes(sizes, before);
    }
    Size grown =
        SizeTable.raise(
                record.region(),
                larger(sizes.group().cpu(), before.cpu()),
                larger(sizes.group().memory(), before.memory()))
            .orElse(sizes.group());
    return economic(option, new UpdatedSizes(sizes, grown), findings);
  }

  private static UpdatedSizes economic(
      @Nullable MachineOption option, UpdatedSizes sizes, Findings findings) {
    if (option != null && option.computeCategory().equals(MachineOption.ECONOMY)) {
      MachineRules.checkEconomySize(sizes.group(), findings);
    }
    return sizes;
  }

  /** A group of an instance type keeps the size of that. */
  private static UpdatedSizes ofType(
      String type,
      GroupRecord record,
      CreateContainerGroupRequest request,
      List<ContainerAsked> asked,
      boolean incremental,
      Findings findings) {
    Size size = record.spec().size();
    checkSame("Cpu", request.cpu(), size.cpu().vcpu(), type, findings);
    checkSame("Memory", request.memory(), size.memory().gib(), type, findings);
    List<ContainerAsked> all = new ArrayList<>(asked);
    all.addAll(staying(record, request, asked, incremental));
    return new UpdatedSizes(GroupSizes.ofTypes(Map.of(type, size), all, findings), size);
  }

  private static void checkSame(
      String parameter,
      @Nullable BigDecimal asked,
      BigDecimal has,
      String type,
      Findings findings) {
    if (asked != null && asked.compareTo(has) != 0) {
      findings.with(
          ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC,
          parameter,
          asked.toPlainString(),
          "cannot be changed: the group is of InstanceType %s, which has %s"
              .formatted(type, has.stripTrailingZeros().toPlainString()));
    }
  }

  private static <T extends Comparable<T>> T larger(T a, T b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** What is reserved and billed from the moment the change holds. */
  Size group() {
    return group;
  }

  /** The container's own limit, null if it said nothing. */
  @Nullable Size of(ContainerAsked container) {
    return sizes.of(container);
  }

  /** The containers that the request does not name and that stay. */
  private static List<ContainerAsked> staying(
      GroupRecord record,
      CreateContainerGroupRequest request,
      List<ContainerAsked> asked,
      boolean incremental) {
    Set<String> named = new HashSet<>();
    asked.stream().map(ContainerAsked::name).forEach(named::add);
    Stream<ContainerAsked> containers =
        request.container().isEmpty() || incremental
            ? record.spec().containers().stream()
                .filter(spec -> !named.contains(spec.name()))
                .map(spec -> asked(spec, false))
            : Stream.empty();
    Stream<ContainerAsked> init =
        request.initContainer().isEmpty() || incremental
            ? record.spec().initContainers().stream()
                .filter(spec -> !named.contains(spec.name()))
                .map(spec -> asked(spec, true))
            : Stream.empty();
    return Stream.concat(containers, init).toList();
  }

  private static ContainerAsked asked(ContainerSpec spec, boolean init) {
    Size size = spec.size();
    BigDecimal vcpu = size == null ? null : size.cpu().vcpu();
    BigDecimal gib = size == null ? null : size.memory().gib();
    return ContainerAsked.ofSize(
        init ? "InitContainer" : "Container",
        init,
        spec.name(),
        vcpu,
        gib,
        spec.environment().stream()
            .filter(variable -> variable.source() == EnvironmentVariable.Source.VALUE)
            .map(v -> EnvironmentVarRequest.of(v.name(), v.value().reveal()))
            .toList());
  }
}
