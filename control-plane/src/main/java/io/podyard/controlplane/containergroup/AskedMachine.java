package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What a group would be of which only size and kind of machine are said, by the rules of a create.
 */
@Component
public class AskedMachine {

  /** What was said of it; null where nothing was. */
  public record Wanted(
      @Nullable BigDecimal cpu,
      @Nullable BigDecimal memory,
      @Nullable String instanceType,
      @Nullable String computeCategory,
      @Nullable String spotStrategy) {}

  /** What these are called where they were sent, and the code of a size that no group has. */
  public record Names(
      String cpu, String memory, String instanceType, String computeCategory, ErrorCode badSize) {

    static final Names OF_PRICE =
        new Names(
            "Cpu",
            "Memory",
            "InstanceType",
            "ComputeCategory",
            ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC);

    static final Names OF_STOCK =
        new Names(
            "DestinationResource.Cores",
            "DestinationResource.Memory",
            "DestinationResource.Value",
            "ComputeCategory",
            ErrorCode.INVALID_PARAMETER);

    public static final Names OF_ROUTE =
        new Names("Cpu", "Memory", "InstanceType", "ComputeCategory", ErrorCode.INVALID_PARAMETER);

    private Problem named(Problem problem) {
      String parameter = problem.parameter();
      String name =
          switch (parameter) {
            case "Cpu" -> cpu;
            case "Memory" -> memory;
            case "InstanceType" -> instanceType;
            default -> parameter.startsWith("ComputeCategory") ? computeCategory : cpu;
          };
      boolean ofSize =
          problem.code() == ErrorCode.INVALID_PARAMETER_CPU_MEMORY
              || parameter.equals("Cpu")
              || parameter.equals("Memory")
              || parameter.equals("Container");
      return new Problem(
          ofSize ? badSize : problem.code(), name, problem.value(), problem.message());
    }
  }

  private final InstanceTypes catalogue;

  AskedMachine(InstanceTypes catalogue) {
    this.catalogue = catalogue;
  }

  /** What will do, the best first; at least one, and of no use if there are problems. */
  public List<MachineOption> read(
      RegionId region, Wanted wanted, Names names, Consumer<Problem> problems) {
    Findings findings = new Findings();
    String category = wanted.computeCategory();
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder()
            .cpu(wanted.cpu())
            .memory(wanted.memory())
            .instanceType(wanted.instanceType())
            .computeCategory(category == null ? List.of() : List.of(category))
            .spotStrategy(wanted.spotStrategy())
            .build();
    MachineRules.Read read =
        new MachineRules(catalogue, region, request, List.of(), findings).read();
    findings.problems().forEach(problem -> problems.accept(names.named(problem)));
    MachineWish wish = read.wish();
    return wish == null || wish.options().isEmpty()
        ? List.of(MachineOption.of(read.sizes().group(), MachineOption.GENERAL, null))
        : wish.options();
  }

  /** All types of a family; none if there is no such family. */
  List<MachineOption> ofFamily(String family) {
    return catalogue.ofFamily(family).stream().map(MachineOption::of).toList();
  }
}
