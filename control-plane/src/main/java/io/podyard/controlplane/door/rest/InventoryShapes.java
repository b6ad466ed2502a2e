package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.inventory.DeclarationReading;
import io.podyard.controlplane.inventory.DeclaredBy;
import io.podyard.controlplane.inventory.DeclaredPools;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about what operators declare. */
final class InventoryShapes {

  private InventoryShapes() {}

  /** Asks for all pools. */
  record PoolsRequest() {}

  /** Is about one pool. */
  record PoolRequest(@Nullable String poolId) {}

  /** Declares a pool; what is left out is as by default. */
  record PutPoolRequest(
      @Nullable String poolId,
      @Nullable String regionId,
      @Nullable String runtime,
      @Nullable String policy,
      @Nullable Integer cpuOvercommit,
      @Nullable String computeCategory) {}

  /** Declares a host; what is left out is as by default, or as the host reports it. */
  record PutHostRequest(
      @Nullable String hostId,
      @Nullable String poolId,
      @Nullable String zoneId,
      @Nullable String address,
      @Nullable String tlsFolder,
      @Nullable BigDecimal cpu,
      @Nullable BigDecimal memory,
      @Nullable BigDecimal disk,
      @Nullable Integer gpus,
      @Nullable String gpuModel,
      @Nullable String instanceType,
      @Nullable String labels,
      @Nullable Boolean cordoned) {}

  /** All pools. */
  record PoolsResponse(List<PoolResponse> pools) {}

  /** One pool. */
  record PoolResponse(
      String poolId,
      String regionId,
      String runtime,
      String policy,
      int cpuOvercommit,
      String computeCategory,
      String declaredBy,
      int hosts) {

    static PoolResponse of(DeclaredPools.Declared declared) {
      return new PoolResponse(
          declared.pool().id().value(),
          declared.pool().region().value(),
          declared.pool().runtime(),
          DeclarationReading.name(declared.pool().policy()),
          declared.pool().cpuOvercommit(),
          declared.pool().computeCategory(),
          name(declared.by()),
          declared.hosts());
    }
  }

  static String name(DeclaredBy by) {
    return by.name().charAt(0) + by.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
