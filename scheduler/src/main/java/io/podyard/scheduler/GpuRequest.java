package io.podyard.scheduler;

/**
 * What a request wants of a host's GPUs: nothing, so many whole ones, or a share of one.
 *
 * @param count how many devices, 0 to {@link #MOST}
 * @param milliEach thousandths of each of them, 1 to 1000; 1000 if there are several; 0 for none
 */
public record GpuRequest(int count, int milliEach) {

  /** Thousandths of a device that nobody uses. */
  public static final int WHOLE = 1000;

  /** Devices that a host may have: they are a set of bits in a {@code long}. */
  public static final int MOST = 64;

  public static final GpuRequest NONE = new GpuRequest(0, 0);

  /**
   * @throws IllegalArgumentException if out of range, or if several devices are to be shared
   */
  public GpuRequest {
    boolean none = count == 0 && milliEach == 0;
    boolean shared = count == 1 && milliEach > 0 && milliEach <= WHOLE;
    boolean several = count > 1 && count <= MOST && milliEach == WHOLE;
    if (!none && !shared && !several) {
      throw new IllegalArgumentException(
          "no request for GPUs: " + count + " with " + milliEach + " thousandths each");
    }
  }

  /** So many devices that nobody else uses. */
  public static GpuRequest whole(int count) {
    return count == 0 ? NONE : new GpuRequest(count, WHOLE);
  }

  /** Thousandths of one device, 1 to 1000. */
  public static GpuRequest shared(int milli) {
    return new GpuRequest(1, milli);
  }

  /** Thousandths of a device in all. */
  public int milli() {
    return count * milliEach;
  }
}
