package io.podyard.billing;

import java.util.List;

/**
 * By which items a group is charged; decided when it gets its host and the same for all its life.
 *
 * @param code how tables name it: empty for vCPU, memory and GPUs, {@code economy}, the item of the
 *     GPUs if their model has a price of its own, or the name of an instance type
 */
public record Tariff(String code) {

  /** vCPU, memory and GPUs. */
  public static final Tariff STANDARD = new Tariff("");

  /** vCPU of compute category economy, memory and GPUs. */
  public static final Tariff ECONOMY = new Tariff("economy");

  private static final List<Item> STANDARD_ITEMS = List.of(Item.VCPU, Item.MEMORY, Item.GPU);
  private static final List<Item> ECONOMY_ITEMS = List.of(Item.ECONOMY_VCPU, Item.MEMORY, Item.GPU);

  /**
   * @throws IllegalArgumentException if there is no such tariff
   */
  public Tariff {
    boolean known = code.isEmpty() || code.equals("economy");
    if (!known && !new Item(code).isInstanceType() && !new Item(code).isGpuOfModel()) {
      throw new IllegalArgumentException("no tariff: " + code);
    }
  }

  /** An instance type as a whole, at a price of its own. */
  public static Tariff ofInstanceType(String name) {
    return new Tariff(name);
  }

  /** In the order in which they are charged. */
  public List<Item> items() {
    if (code.isEmpty()) {
      return STANDARD_ITEMS;
    }
    if (code.equals("economy")) {
      return ECONOMY_ITEMS;
    }
    Item own = new Item(code);
    return own.isGpuOfModel() ? List.of(Item.VCPU, Item.MEMORY, own) : List.of(own);
  }
}
