package io.podyard.billing;

import java.math.BigDecimal;
import java.util.Optional;

/** What is metered and priced, each in a unit of its own. */
public enum Item {
  VCPU("vcpu", "vCPU") {
    @Override
    public BigDecimal quantity(Metered metered) {
      return Decimals.shortest(metered.size().cpu().vcpu());
    }
  },
  MEMORY("memory", "GiB") {
    @Override
    public BigDecimal quantity(Metered metered) {
      return Decimals.shortest(metered.size().memory().gib());
    }
  },
  GPU("gpu", "GPU") {
    @Override
    public BigDecimal quantity(Metered metered) {
      return Decimals.shortest(BigDecimal.valueOf(metered.gpuMilli(), 3));
    }
  };

  private final String code;
  private final String unit;

  Item(String code, String unit) {
    this.code = code;
    this.unit = unit;
  }

  /** The item whose {@link #code()} this is. */
  public static Optional<Item> ofCode(String code) {
    for (Item item : values()) {
      if (item.code.equals(code)) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  /** How files and tables name it; never changes. */
  public String code() {
    return code;
  }

  /** The unit that a price is for one second of. */
  public String unit() {
    return unit;
  }

  /** How many units a group uses of which this is metered, exact. */
  public abstract BigDecimal quantity(Metered metered);
}
