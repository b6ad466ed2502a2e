package io.podyard.controlplane.containergroup;

import io.podyard.billing.Tariff;
import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.scheduler.GpuRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of machines a request named (contract section 6). A group of several may be of any
 * one of them until it has its host; so long it counts as the largest.
 *
 * @param instanceTypes as they were asked for, sizes like {@code 2-4Gi} among them
 * @param computeCategories as they were asked for
 * @param architecture {@code amd64} or {@code arm64}; null if nothing was said of it
 * @param options what will do, the best first; at least one
 * @param chosen the number of the one that it is; null while it may still be any of several
 */
public record MachineWish(
    List<String> instanceTypes,
    List<String> computeCategories,
    @Nullable String architecture,
    List<MachineOption> options,
    @Nullable Integer chosen) {

  public MachineWish {
    instanceTypes = instanceTypes == null ? List.of() : List.copyOf(instanceTypes);
    computeCategories = computeCategories == null ? List.of() : List.copyOf(computeCategories);
    options = List.copyOf(options);
    if (options.size() == 1) {
      chosen = 0;
    }
  }

  /** What it is; empty while it may still be any of several. */
  Optional<MachineOption> option() {
    return chosen == null ? Optional.empty() : Optional.of(options.get(chosen));
  }

  /** What it counts as while it may still be any of several. */
  MachineOption largest() {
    return options.stream().max(Comparator.comparing(option -> option.size().cpu())).orElseThrow();
  }

  /** The same, when it is this option; null if it may be any. */
  MachineWish being(@Nullable Integer option) {
    return new MachineWish(instanceTypes, computeCategories, architecture, options, option);
  }

  /** The same with what its options cost. */
  MachineWish charged(Function<MachineOption, Tariff> tariff) {
    return new MachineWish(
        instanceTypes,
        computeCategories,
        architecture,
        options.stream().map(option -> option.chargedBy(tariff.apply(option))).toList(),
        chosen);
  }

  /**
   * The ways in which hosts are asked, in their order.
   *
   * @param ofContainers the GPUs that the containers ask for together
   */
  List<HostAttempt> attempts(GpuRequest ofContainers) {
    List<HostAttempt> attempts = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      attempts.addAll(options.get(i).attempts(i, gpus(options.get(i), ofContainers)));
    }
    return attempts;
  }

  /**
   * The GPUs of a group that is one of the options: those of the instance type; of a size what the
   * containers ask for, which is none if there are instance types to choose from.
   */
  GpuRequest gpus(MachineOption option, GpuRequest ofContainers) {
    return namesInstanceTypes() ? InstanceType.gpus(option.gpuThousandths()) : ofContainers;
  }

  /** Whether an instance type will do; sizes may do as well. */
  boolean namesInstanceTypes() {
    return options.stream().anyMatch(option -> option.instanceType() != null);
  }

  /** What the request means, whatever it became; null if it is nothing but the default. */
  @Nullable MachineWish meaning() {
    boolean nothing =
        instanceTypes.isEmpty()
            && (computeCategories.isEmpty()
                || computeCategories.equals(List.of(MachineOption.GENERAL)))
            && (architecture == null || architecture.equals("amd64"));
    return nothing
        ? null
        : new MachineWish(
            instanceTypes,
            computeCategories,
            "amd64".equals(architecture) ? null : architecture,
            List.of(),
            null);
  }
}
