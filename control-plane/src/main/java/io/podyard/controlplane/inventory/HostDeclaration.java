package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host as its operator wants it.
 *
 * @param address where its engine is reached, {@code unix:///path} or {@code tcp://host:port};
 *     empty where its runtime needs none
 * @param tlsFolder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}, on the machine of
 *     each server; empty for none
 * @param cpu allocatable vCPU, null for what it reports
 * @param memory allocatable memory, null for what it reports
 * @param diskMib allocatable ephemeral disk, 0 if nobody counts
 * @param gpus how many GPUs it has, 0 to 64; null for what it reports
 * @param gpuModel of them, empty if there are none
 * @param instanceType the name of its kind of machine, empty if it has none
 * @param labels such as {@code disk=ssd}, in their order
 * @param cordoned whether nothing new is placed there; null leaves that as it is
 * @param drain by when it is to be empty, null if nothing is said of that
 */
public record HostDeclaration(
    HostId id,
    PoolId pool,
    ZoneId zone,
    String address,
    String tlsFolder,
    @Nullable MilliCpu cpu,
    @Nullable MemoryMib memory,
    int diskMib,
    @Nullable Integer gpus,
    String gpuModel,
    String instanceType,
    List<String> labels,
    @Nullable Boolean cordoned,
    @Nullable HostDrain drain) {

  public HostDeclaration {
    labels = labels.stream().distinct().sorted().toList();
  }

  /** A host of which nothing is said about a drain. */
  public HostDeclaration(
      HostId id,
      PoolId pool,
      ZoneId zone,
      String address,
      String tlsFolder,
      @Nullable MilliCpu cpu,
      @Nullable MemoryMib memory,
      int diskMib,
      @Nullable Integer gpus,
      String gpuModel,
      String instanceType,
      List<String> labels,
      @Nullable Boolean cordoned) {
    this(
        id,
        pool,
        zone,
        address,
        tlsFolder,
        cpu,
        memory,
        diskMib,
        gpus,
        gpuModel,
        instanceType,
        labels,
        cordoned,
        null);
  }

  /** The same, cordoned and drained or not. */
  HostDeclaration going(@Nullable Boolean nowCordoned, @Nullable HostDrain nowDrain) {
    return new HostDeclaration(
        id,
        pool,
        zone,
        address,
        tlsFolder,
        cpu,
        memory,
        diskMib,
        gpus,
        gpuModel,
        instanceType,
        labels,
        nowCordoned,
        nowDrain);
  }
}
