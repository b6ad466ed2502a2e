package io.podyard.controlplane.instancetype;

import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads instance types as lines of comma separated values under {@link #HEADER}. Empty lines and
 * those that begin with {@code #} say nothing. A line {@link #ALONE} before the header means that
 * there are no others. Anything else is refused, and all mistakes are reported at once, each with
 * its line.
 */
final class InstanceTypesReader {

  static final String HEADER = "instanceType,vcpu,memoryGib,architecture,gpuModel,gpuThousandths";
  static final String ALONE = "alone";

  /** More would only hide the first ones. */
  private static final int MOST_PROBLEMS = 100;

  private static final int COLUMNS = 6;
  private static final Pattern NAME = Pattern.compile("ecs\\.[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)+");
  private static final int LONGEST_NAME = 64;
  private static final BigDecimal MOST_VCPU = new BigDecimal(1024);
  private static final BigDecimal MOST_GIB = new BigDecimal(32_768);
  private static final BigDecimal MIB = new BigDecimal(1024);
  private static final int MOST_GPU_THOUSANDTHS = GpuRequest.MOST * GpuRequest.WHOLE;

  /**
   * What a text says.
   *
   * @param alone whether no other types are to be known
   */
  record Read(boolean alone, List<InstanceType> types) {}

  private final List<String> problems = new ArrayList<>();
  private final List<InstanceType> types = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private boolean alone;
  private boolean headed;
  private int line;

  private InstanceTypesReader() {}

  /**
   * @throws InvalidInstanceTypesException with every mistake and its line
   */
  static Read read(String text) {
    InstanceTypesReader reader = new InstanceTypesReader();
    text.lines().forEach(reader::line);
    if (!reader.headed) {
      reader.problem("must have the line " + HEADER);
    }
    if (!reader.problems.isEmpty()) {
      throw new InvalidInstanceTypesException(reader.problems);
    }
    return new Read(reader.alone, List.copyOf(reader.types));
  }

  private void line(String raw) {
    line++;
    String text = raw.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    if (!headed) {
      if (text.equals(ALONE)) {
        alone = true;
      } else {
        headed = true;
        if (!text.equals(HEADER)) {
          problem("must be " + HEADER);
        }
      }
      return;
    }
    String[] values = text.split(",", -1);
    if (values.length != COLUMNS) {
      problem("has %d values and must have %d: %s".formatted(values.length, COLUMNS, HEADER));
      return;
    }
    type(values);
  }

  private void type(String[] values) {
    int before = problems.size();
    String name = values[0].strip();
    if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problem("instanceType is '%s' and must be a name like ecs.c6.large".formatted(name));
    }
    Integer first = seen.putIfAbsent(name, line);
    if (first != null) {
      problem("%s is declared in line %d already".formatted(name, first));
    }
    BigDecimal vcpu = number("vcpu", values[1].strip(), MOST_VCPU);
    BigDecimal gib = number("memoryGib", values[2].strip(), MOST_GIB);
    String architecture = values[3].strip();
    if (!architecture.equals("amd64") && !architecture.equals("arm64")) {
      problem("architecture is '%s' and must be amd64 or arm64".formatted(architecture));
    }
    String model = values[4].strip();
    int gpus = gpus(values[5].strip());
    if (gpus >= 0 && (gpus == 0) != model.isEmpty()) {
      problem("gpuModel must be given where there are GPUs, and not where there are none");
    }
    if (problems.size() == before) {
      types.add(
          new InstanceType(
              name,
              new Size(MilliCpu.ofVcpu(vcpu), MemoryMib.of(gib.multiply(MIB).intValue())),
              architecture,
              model,
              gpus));
    }
  }

  private BigDecimal number(String column, String value, BigDecimal most) {
    if (value.matches("[0-9]{1,6}(\\.[0-9]{1,3})?")) {
      BigDecimal number = new BigDecimal(value);
      if (number.signum() > 0 && number.compareTo(most) <= 0) {
        return number;
      }
    }
    problem(
        "%s is '%s' and must be a number above 0 and at most %s"
            .formatted(column, value, most.toPlainString()));
    return BigDecimal.ONE;
  }

  private int gpus(String value) {
    if (value.isEmpty()) {
      return 0;
    }
    if (value.matches("[0-9]{1,6}")) {
      int thousandths = Integer.parseInt(value);
      if (thousandths <= GpuRequest.WHOLE
          || (thousandths % GpuRequest.WHOLE == 0 && thousandths <= MOST_GPU_THOUSANDTHS)) {
        return thousandths;
      }
    }
    problem(
        "gpuThousandths is '%s' and must be 1 to 1000 for one GPU or a share of it, or whole"
                .formatted(value)
            + " thousands up to "
            + MOST_GPU_THOUSANDTHS);
    return -1;
  }

  private void problem(String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add("line %d: %s".formatted(line, what));
    }
  }
}
