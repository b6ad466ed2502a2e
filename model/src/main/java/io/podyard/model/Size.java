package io.podyard.model;

/** What a container, a group or a host has of the two metered dimensions. */
public record Size(MilliCpu cpu, MemoryMib memory) {

  public static final Size ZERO = new Size(MilliCpu.ZERO, MemoryMib.ZERO);

  public static Size of(int milliCpu, int memoryMib) {
    return new Size(MilliCpu.of(milliCpu), MemoryMib.of(memoryMib));
  }

  public Size plus(Size other) {
    return new Size(cpu.plus(other.cpu), memory.plus(other.memory));
  }

  /** Whether this fits into the other in both dimensions. */
  public boolean fitsIn(Size other) {
    return cpu.compareTo(other.cpu) <= 0 && memory.compareTo(other.memory) <= 0;
  }
}
