package io.podyard.controlplane.instancetype;

import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;

/**
 * A size of machine that groups can be asked for by name (contract section 6).
 *
 * @param name such as {@code ecs.c6.large}
 * @param size that a group of this type has
 * @param architecture {@code amd64} or {@code arm64}
 * @param gpuModel of its GPUs, empty if it has none
 * @param gpuThousandths whole thousands for whole GPUs, less than one for a share of one GPU, 0 for
 *     none
 */
public record InstanceType(
    String name, Size size, String architecture, String gpuModel, int gpuThousandths) {

  /** Up to the size, and without what comes after a hyphen: {@code ecs.gn6i}. */
  public String family() {
    return familyOf(name);
  }

  /** The family of a type of this name. */
  public static String familyOf(String name) {
    int start = name.indexOf('.') + 1;
    int dot = name.indexOf('.', start);
    int hyphen = name.indexOf('-', start);
    int end = dot < 0 ? name.length() : dot;
    return name.substring(0, hyphen < 0 ? end : Math.min(hyphen, end));
  }

  /** What it takes of a host's GPUs. */
  public GpuRequest gpus() {
    return gpus(gpuThousandths);
  }

  /** So many thousandths as a request. */
  public static GpuRequest gpus(int thousandths) {
    if (thousandths == 0) {
      return GpuRequest.NONE;
    }
    return thousandths < GpuRequest.WHOLE
        ? GpuRequest.shared(thousandths)
        : GpuRequest.whole(thousandths / GpuRequest.WHOLE);
  }
}
