package io.podyard.billing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By which items a group, or another thing that is metered, is charged; decided when it gets its
 * host and the same for all its life.
 *
 * @param code how tables name it: empty for vCPU, memory, GPUs and storage, {@code economy}, the
 *     item of the GPUs if their model has a price of its own, the name of an instance type, or what
 *     else it is that is metered
 */
public record Tariff(String code) {

  /** All but instance types. */
  private enum Kind {
    STANDARD("", ResourceKind.CONTAINER_GROUP, group(Item.VCPU)),
    ECONOMY("economy", ResourceKind.CONTAINER_GROUP, group(Item.ECONOMY_VCPU)),
    IMAGE_CACHE_CREATION(
        "image-cache-creation",
        ResourceKind.IMAGE_CACHE,
        List.of(Item.VCPU, Item.MEMORY, Item.IMAGE_CACHE_DISK)),
    IMAGE_CACHE_STORAGE(
        "image-cache-storage", ResourceKind.IMAGE_CACHE, List.of(Item.IMAGE_CACHE_STORAGE)),
    IMAGE_CACHE_USE("image-cache-use", ResourceKind.CACHE_DISK, List.of(Item.IMAGE_CACHE_USE)),
    DATA_CACHE_CREATION(
        "data-cache-creation",
        ResourceKind.DATA_CACHE,
        List.of(Item.VCPU, Item.MEMORY, Item.DATA_CACHE_DISK)),
    DATA_CACHE_STORAGE(
        "data-cache-storage", ResourceKind.DATA_CACHE, List.of(Item.DATA_CACHE_STORAGE)),
    DATA_CACHE_USE("data-cache-use", ResourceKind.CACHE_DISK, List.of(Item.DATA_CACHE_USE)),
    VOLUME("volume", ResourceKind.VOLUME, List.of(Item.VOLUME)),
    VIRTUAL_NODE("virtual-node", ResourceKind.VIRTUAL_NODE, List.of(Item.VCPU, Item.MEMORY));

    static final Map<String, Kind> BY_CODE =
        Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.code, Function.identity()));

    final String code;
    final ResourceKind resource;
    final List<Item> items;

    Kind(String code, ResourceKind resource, List<Item> items) {
      this.code = code;
      this.resource = resource;
      this.items = items;
    }

    private static List<Item> group(Item vcpu) {
      return List.of(vcpu, Item.MEMORY, Item.GPU, Item.EPHEMERAL_STORAGE);
    }
  }

  /** vCPU, memory, GPUs and storage beyond what is free. */
  public static final Tariff STANDARD = new Tariff(Kind.STANDARD.code);

  /** The same with vCPU of compute category economy. */
  public static final Tariff ECONOMY = new Tariff(Kind.ECONOMY.code);

  /** An image cache that is made: the temporary group and its disk (contract section 18). */
  public static final Tariff IMAGE_CACHE_CREATION = new Tariff(Kind.IMAGE_CACHE_CREATION.code);

  /** An image cache that is kept. */
  public static final Tariff IMAGE_CACHE_STORAGE = new Tariff(Kind.IMAGE_CACHE_STORAGE.code);

  /** A disk that a group got from an image cache. */
  public static final Tariff IMAGE_CACHE_USE = new Tariff(Kind.IMAGE_CACHE_USE.code);

  /** A data cache that is made. */
  public static final Tariff DATA_CACHE_CREATION = new Tariff(Kind.DATA_CACHE_CREATION.code);

  /** A data cache that is kept. */
  public static final Tariff DATA_CACHE_STORAGE = new Tariff(Kind.DATA_CACHE_STORAGE.code);

  /** A disk that a group got from a data cache. */
  public static final Tariff DATA_CACHE_USE = new Tariff(Kind.DATA_CACHE_USE.code);

  /** A persistent volume. */
  public static final Tariff VOLUME = new Tariff(Kind.VOLUME.code);

  /** The base charge of a virtual node: a group that is always there (contract section 16). */
  public static final Tariff VIRTUAL_NODE = new Tariff(Kind.VIRTUAL_NODE.code);

  /**
   * @throws IllegalArgumentException if there is no such tariff
   */
  public Tariff {
    if (!Kind.BY_CODE.containsKey(code)
        && !new Item(code).isInstanceType()
        && !new Item(code).isGpuOfModel()) {
      throw new IllegalArgumentException("no tariff: " + code);
    }
  }

  /** An instance type as a whole, at a price of its own. */
  public static Tariff ofInstanceType(String name) {
    return new Tariff(name);
  }

  /** In the order in which they are charged. */
  public List<Item> items() {
    Kind kind = kind();
    if (kind != null) {
      return kind.items;
    }
    Item own = new Item(code);
    return own.isGpuOfModel()
        ? List.of(Item.VCPU, Item.MEMORY, own, Item.EPHEMERAL_STORAGE)
        : List.of(own, Item.EPHEMERAL_STORAGE);
  }

  /** What kind of thing is charged by it. */
  public ResourceKind resource() {
    Kind kind = kind();
    return kind == null ? ResourceKind.CONTAINER_GROUP : kind.resource;
  }

  private @Nullable Kind kind() {
    return Kind.BY_CODE.get(code);
  }
}
