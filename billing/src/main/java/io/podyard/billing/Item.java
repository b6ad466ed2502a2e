package io.podyard.billing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is metered and priced, each in a unit of its own: a vCPU, a GiB of memory, a GPU, or, for
 * groups that asked for it by name, a whole instance type.
 *
 * @param code how files and tables name it; never changes
 */
public record Item(String code) implements Comparable<Item> {

  private static final List<String> PART_CODES = List.of("vcpu", "economy-vcpu", "memory", "gpu");
  private static final Pattern INSTANCE_TYPE = Pattern.compile("ecs\\.[a-zA-Z0-9._-]{1,60}");

  public static final Item VCPU = new Item("vcpu");

  /** A vCPU of a group of compute category economy. */
  public static final Item ECONOMY_VCPU = new Item("economy-vcpu");

  public static final Item MEMORY = new Item("memory");
  public static final Item GPU = new Item("gpu");

  /** Those that are no instance types, in their order. */
  private static final List<Item> PARTS = List.of(VCPU, ECONOMY_VCPU, MEMORY, GPU);

  /**
   * @throws IllegalArgumentException if there is no such item
   */
  public Item {
    if (!PART_CODES.contains(code) && !INSTANCE_TYPE.matcher(code).matches()) {
      throw new IllegalArgumentException("no item: " + code);
    }
  }

  /** The item whose {@link #code()} this is. */
  public static Optional<Item> ofCode(String code) {
    try {
      return Optional.of(new Item(code));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Those that are no instance types, in their order. */
  public static List<Item> parts() {
    return PARTS;
  }

  /** The unit that a price is for one second of. */
  public String unit() {
    return switch (code) {
      case "vcpu", "economy-vcpu" -> "vCPU";
      case "memory" -> "GiB";
      case "gpu" -> "GPU";
      default -> "instance";
    };
  }

  /** Whether it is a whole instance type, whose name is the code. */
  public boolean isInstanceType() {
    return !PART_CODES.contains(code);
  }

  /** How many units a group uses of which this is metered, exact. */
  public BigDecimal quantity(Metered metered) {
    return switch (code) {
      case "vcpu", "economy-vcpu" -> Decimals.shortest(metered.size().cpu().vcpu());
      case "memory" -> Decimals.shortest(metered.size().memory().gib());
      case "gpu" -> Decimals.shortest(BigDecimal.valueOf(metered.gpuMilli(), 3));
      default -> BigDecimal.ONE;
    };
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
