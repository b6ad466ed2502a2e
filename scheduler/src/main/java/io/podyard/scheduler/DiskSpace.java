package io.podyard.scheduler;

/**
 * The ephemeral disk of a host.
 *
 * @param allocatableMib all that groups may reserve of it; 0 if nobody counts, and then nothing is
 *     reserved
 * @param reservedMib what groups hold of it
 */
public record DiskSpace(int allocatableMib, int reservedMib) {

  public static final DiskSpace NOT_COUNTED = new DiskSpace(0, 0);

  /**
   * @throws IllegalArgumentException if negative, or if more is reserved than is allocatable
   */
  public DiskSpace {
    if (reservedMib < 0 || reservedMib > allocatableMib) {
      throw new IllegalArgumentException(
          "a disk cannot have " + reservedMib + " of " + allocatableMib + " MiB reserved");
    }
  }

  public static DiskSpace of(int allocatableMib) {
    return new DiskSpace(allocatableMib, 0);
  }

  public boolean counted() {
    return allocatableMib > 0;
  }

  DiskSpace withReserved(int mib) {
    return counted() ? new DiskSpace(allocatableMib, mib) : this;
  }
}
