package io.podyard.billing;

import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is metered and priced, each in a unit of its own: a vCPU, a GiB of memory, or, for groups
 * that asked for it by name, a whole instance type.
 *
 * @param code how files and tables name it; never changes
 */
public record Item(String code) implements Comparable<Item> {

  public static final Item VCPU = new Item("vcpu");

  /** A vCPU of a group of compute category economy. */
  public static final Item ECONOMY_VCPU = new Item("economy-vcpu");

  public static final Item MEMORY = new Item("memory");

  /** Those that are no instance types, in their order. */
  private static final List<Item> PARTS = List.of(VCPU, ECONOMY_VCPU, MEMORY);

  private static final Pattern INSTANCE_TYPE = Pattern.compile("ecs\\.[a-zA-Z0-9._-]{1,60}");

  /**
   * @throws IllegalArgumentException if there is no such item
   */
  public Item {
    boolean part = code.equals("vcpu") || code.equals("economy-vcpu") || code.equals("memory");
    if (!part && !INSTANCE_TYPE.matcher(code).matches()) {
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
    return isInstanceType() ? "instance" : equals(MEMORY) ? "GiB" : "vCPU";
  }

  /** Whether it is a whole instance type, whose name is the code. */
  public boolean isInstanceType() {
    return !PARTS.contains(this);
  }

  /** How many units a group of this size uses, exact. */
  public BigDecimal quantity(Size size) {
    if (isInstanceType()) {
      return BigDecimal.ONE;
    }
    return Decimals.shortest(equals(MEMORY) ? size.memory().gib() : size.cpu().vcpu());
  }

  @Override
  public int compareTo(Item other) {
    int mine = PARTS.indexOf(this);
    int its = PARTS.indexOf(other);
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
