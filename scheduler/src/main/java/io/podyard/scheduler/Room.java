package io.podyard.scheduler;

import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host offers, has free or lacks.
 *
 * @param diskMib of its ephemeral disk; {@link Integer#MAX_VALUE} where nobody counts
 * @param gpus whole devices
 * @param gpuMilli thousandths of one device, where the request wants less than a whole one
 */
public record Room(Size size, int diskMib, int gpus, int gpuMilli) {

  static final Room NONE = new Room(Size.ZERO, 0, 0, 0);

  /** What a request wants. */
  public static Room wanted(PlacementRequest request) {
    GpuRequest gpus = request.gpus();
    boolean shares = gpus.count() == 1 && gpus.milliEach() < GpuRequest.WHOLE;
    return new Room(
        request.size(),
        request.diskMib(),
        shares ? 0 : gpus.count(),
        shares ? gpus.milliEach() : 0);
  }

  /** What is missing here of all that is wanted. */
  Room lackingIn(Room here) {
    return new Room(
        Size.of(
            Math.max(0, size.cpu().value() - here.size.cpu().value()),
            Math.max(0, size.memory().value() - here.size.memory().value())),
        Math.max(0, diskMib - here.diskMib),
        Math.max(0, gpus - here.gpus),
        Math.max(0, gpuMilli - here.gpuMilli));
  }

  /**
   * In words, of the dimensions that a request asks for.
   *
   * @param withZeros whether to speak of disk and GPUs of which there is nothing as well
   */
  String words(PlacementRequest request, boolean withZeros) {
    List<String> others = new ArrayList<>();
    if (request.diskMib() > 0 && (withZeros || diskMib > 0)) {
      others.add(diskMib == Integer.MAX_VALUE ? "unlimited disk" : gib(diskMib) + " of disk");
    }
    Room wanted = wanted(request);
    if (wanted.gpus > 0 && (withZeros || gpus > 0)) {
      others.add(gpus == 1 ? "1 GPU" : gpus + " GPUs");
    }
    if (wanted.gpuMilli > 0 && (withZeros || gpuMilli > 0)) {
      others.add(
          BigDecimal.valueOf(gpuMilli, 3).stripTrailingZeros().toPlainString() + " of a GPU");
    }
    List<String> words = new ArrayList<>();
    boolean cpu = !size.cpu().equals(MilliCpu.ZERO);
    boolean memory = !size.memory().equals(MemoryMib.ZERO);
    boolean neither = !cpu && !memory && (withZeros || others.isEmpty());
    if (cpu || neither) {
      words.add(size.cpu().vcpu().stripTrailingZeros().toPlainString() + " vCPU");
    }
    if (memory || neither) {
      words.add(gib(size.memory().value()));
    }
    words.addAll(others);
    int last = words.size() - 1;
    return last < 1
        ? words.getFirst()
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static String gib(int mib) {
    return MemoryMib.of(mib).gib().toPlainString() + " GiB";
  }
}
