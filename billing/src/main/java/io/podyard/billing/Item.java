package io.podyard.billing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is metered and priced, each in a unit of its own: a vCPU, a GiB of memory, a GPU, one of a
 * model that has a price of its own, or, for groups that asked for it by name, a whole instance
 * type.
 *
 * @param code how files and tables name it; never changes
 */
public record Item(String code) implements Comparable<Item> {

  private static final List<String> PART_CODES = List.of("vcpu", "economy-vcpu", "memory", "gpu");
  private static final Pattern GPU_MODEL = Pattern.compile("gpu-[a-zA-Z0-9._-]{1,64}");
  private static final Pattern INSTANCE_TYPE = Pattern.compile("ecs\\.[a-zA-Z0-9._-]{1,60}");

  public static final Item VCPU = new Item("vcpu");

  /** A vCPU of a group of compute category economy. */
  public static final Item ECONOMY_VCPU = new Item("economy-vcpu");

  public static final Item MEMORY = new Item("memory");
  public static final Item GPU = new Item("gpu");

  /** Those that every region can have, in their order. */
  private static final List<Item> PARTS = List.of(VCPU, ECONOMY_VCPU, MEMORY, GPU);

  /**
   * @throws IllegalArgumentException if there is no such item
   */
  public Item {
    if (!PART_CODES.contains(code)
        && !GPU_MODEL.matcher(code).matches()
        && !INSTANCE_TYPE.matcher(code).matches()) {
      throw new IllegalArgumentException("no item: " + code);
    }
  }

  /** A GPU of a model; empty for a name that no item can have. */
  public static Optional<Item> gpuOf(String model) {
    return ofCode("gpu-" + model);
  }

  /** The item whose {@link #code()} this is. */
  public static Optional<Item> ofCode(String code) {
    try {
      return Optional.of(new Item(code));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Those that every region can have, in their order. */
  public static List<Item> parts() {
    return PARTS;
  }

  /** The unit that a price is for one second of. */
  public String unit() {
    return switch (code) {
      case "vcpu", "economy-vcpu" -> "vCPU";
      case "memory" -> "GiB";
      case "gpu" -> "GPU";
      default -> isGpuOfModel() ? "GPU" : "instance";
    };
  }

  /** Whether it is a whole instance type, whose name is the code. */
  public boolean isInstanceType() {
    return INSTANCE_TYPE.matcher(code).matches();
  }

  /** Whether it is a GPU of one model. */
  public boolean isGpuOfModel() {
    return GPU_MODEL.matcher(code).matches();
  }

  /** How many units a group uses of which this is metered, exact. */
  public BigDecimal quantity(Metered metered) {
    return switch (code) {
      case "vcpu", "economy-vcpu" -> Decimals.shortest(metered.size().cpu().vcpu());
      case "memory" -> Decimals.shortest(metered.size().memory().gib());
      case "gpu" -> gpus(metered);
      default -> isGpuOfModel() ? gpus(metered) : BigDecimal.ONE;
    };
  }

  private static BigDecimal gpus(Metered metered) {
    return Decimals.shortest(BigDecimal.valueOf(metered.gpuMilli(), 3));
  }

  @Override
  public int compareTo(Item other) {
    int mine = PART_CODES.indexOf(code);
    int its = PART_CODES.indexOf(other.code);
    if (mine < 0 && its < 0) {
      return code.compareTo(other.code);
    }
    return mine < 0 ? 1 : its < 0 ? -1 : Integer.compare(mine, its);
  }

  @Override
  public String toString() {
    return code;
  }
}
