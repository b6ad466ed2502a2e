package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The size that a group would have, by the rules of a create (contract section 6). */
public record AskedSize(Size size) {

  /**
   * Reads one; of no use if there are problems.
   *
   * @param cpu vCPU, null if nothing is said of it
   * @param memory GiB, null if nothing is said of it
   * @param code of what no group can have
   * @param names what the two are called where they were sent, vCPU first
   */
  public static AskedSize read(
      RegionId region,
      @Nullable BigDecimal cpu,
      @Nullable BigDecimal memory,
      ErrorCode code,
      List<String> names,
      Consumer<Problem> problems) {
    Findings findings = new Findings();
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder().cpu(cpu).memory(memory).build();
    GroupSizes sizes = GroupSizes.read(region, request, List.of(), findings);
    for (Problem problem : findings.problems()) {
      problems.accept(
          new Problem(
              code,
              names.get(problem.parameter().equals("Memory") ? 1 : 0),
              problem.value(),
              problem.message()));
    }
    return new AskedSize(sizes.group());
  }

  /** The contract's name of a size: {@code 2-4Gi}. */
  public String name() {
    return plain(size.cpu().vcpu()) + "-" + plain(size.memory().gib()) + "Gi";
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
