package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The size that a group would have, by the rules of a create (contract section 6). */
public record AskedSize(Size size) {

  private static final Pattern NAME =
      Pattern.compile("([0-9]{1,4}(?:\\.[0-9]{1,3})?)-([0-9]{1,5}(?:\\.[0-9]{1,2})?)Gi");

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

  /** Whether a text is meant as the name of a size. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The size of a name like {@code 2-4Gi}, raised to one there is.
   *
   * @return empty if there is none so large
   */
  static Optional<Size> named(RegionId region, String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no name of a size: " + name);
    }
    return SizeTable.raise(
        region,
        MilliCpu.ofVcpu(new BigDecimal(matcher.group(1))),
        MemoryMib.ofGib(new BigDecimal(matcher.group(2))));
  }

  /** The contract's name of a size: {@code 2-4Gi}. */
  public String name() {
    return plain(size.cpu().vcpu()) + "-" + plain(size.memory().gib()) + "Gi";
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
