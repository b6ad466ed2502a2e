package io.podyard.billing;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is metered and priced, each in a unit of its own: a vCPU, a GiB of memory, a GPU, one of a
 * model that has a price of its own, a GiB of some storage, or, for groups that asked for it by
 * name, a whole instance type. The README lists them all.
 *
 * @param code how files and tables name it; never changes
 */
public record Item(String code) implements Comparable<Item> {

  private static final Map<String, Part> PARTS_BY_CODE =
      Arrays.stream(Part.values())
          .collect(Collectors.toMap(part -> part.code, Function.identity()));
  private static final String GPU_OF_MODEL = "gpu-";
  private static final Pattern GPU_MODEL = Pattern.compile(GPU_OF_MODEL + "[a-zA-Z0-9._-]{1,64}");
  private static final Pattern INSTANCE_TYPE = Pattern.compile("ecs\\.[a-zA-Z0-9._-]{1,60}");

  public static final Item VCPU = of(Part.VCPU);

  /** A vCPU of a group of compute category economy. */
  public static final Item ECONOMY_VCPU = of(Part.ECONOMY_VCPU);

  public static final Item MEMORY = of(Part.MEMORY);
  public static final Item GPU = of(Part.GPU);

  /** A GiB of temporary storage beyond what every group has for nothing. */
  public static final Item EPHEMERAL_STORAGE = of(Part.EPHEMERAL_STORAGE);

  /** A GiB of the disk that an image cache is made on, while it is made. */
  public static final Item IMAGE_CACHE_DISK = of(Part.IMAGE_CACHE_DISK);

  /** A GiB of the snapshot that an image cache is. */
  public static final Item IMAGE_CACHE_STORAGE = of(Part.IMAGE_CACHE_STORAGE);

  /** A GiB beyond the free ones of a disk that a group got from an image cache. */
  public static final Item IMAGE_CACHE_USE = of(Part.IMAGE_CACHE_USE);

  /** A GiB of the disk that a data cache is made on, while it is made. */
  public static final Item DATA_CACHE_DISK = of(Part.DATA_CACHE_DISK);

  /** A GiB of the snapshot that a data cache is. */
  public static final Item DATA_CACHE_STORAGE = of(Part.DATA_CACHE_STORAGE);

  /** A GiB of a disk that a group got from a data cache. */
  public static final Item DATA_CACHE_USE = of(Part.DATA_CACHE_USE);

  /** A GiB of a persistent volume, attached or not. */
  public static final Item VOLUME = of(Part.VOLUME);

  /** Those that are no instance types, in their order. */
  private static final List<Item> PARTS = Arrays.stream(Part.values()).map(Item::of).toList();

  /**
   * @throws IllegalArgumentException if there is no such item
   */
  public Item {
    if (!PARTS_BY_CODE.containsKey(code)
        && !GPU_MODEL.matcher(code).matches()
        && !INSTANCE_TYPE.matcher(code).matches()) {
      throw new IllegalArgumentException("no item: " + code);
    }
  }

  private static Item of(Part part) {
    return new Item(part.code);
  }

  /** A GPU of a model; empty for a name that no item can have. */
  public static Optional<Item> gpuOf(String model) {
    return ofCode(GPU_OF_MODEL + model);
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
    Part part = part();
    return part == null ? "instance" : part.unit;
  }

  /** Whether it is a whole instance type, whose name is the code. */
  public boolean isInstanceType() {
    return part() == null;
  }

  /** Whether it is a GPU of one model. */
  public boolean isGpuOfModel() {
    return code.startsWith(GPU_OF_MODEL);
  }

  /** How many units a group uses of which this is metered, exact. */
  public BigDecimal quantity(Metered metered) {
    return units(small(metered));
  }

  /** The same in whole small parts of the unit: thousandths, MiB, or units that are not divided. */
  long small(Metered metered) {
    Part part = part();
    return part == null ? 1 : part.small.applyAsInt(metered);
  }

  /** So many small parts as units, exact. */
  BigDecimal units(long small) {
    return Decimals.shortest(BigDecimal.valueOf(small).divide(BigDecimal.valueOf(smallPerUnit())));
  }

  /** How many small parts a unit has; a product of twos and fives, so that the decimals end. */
  int smallPerUnit() {
    Part part = part();
    return part == null ? 1 : part.perUnit;
  }

  /** Null for an instance type. */
  private @Nullable Part part() {
    return isGpuOfModel() ? Part.GPU : PARTS_BY_CODE.get(code);
  }

  @Override
  public int compareTo(Item other) {
    Part mine = part();
    Part its = other.part();
    if (mine == null || its == null) {
      return mine == its ? code.compareTo(other.code) : mine == null ? 1 : -1;
    }
    int byPart = mine.compareTo(its);
    return byPart == 0 ? code.compareTo(other.code) : byPart;
  }

  @Override
  public String toString() {
    return code;
  }
}
