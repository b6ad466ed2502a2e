package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A file of this machine as a block device, with an ext4 file system on it. */
record LoopDevice(Path path) {

  /** In what it ends with: some errors are left. */
  private static final int LEFT = 4;

  /** In what it ends with: errors were corrected. */
  private static final int CORRECTED = 3;

  /**
   * Attaches a file, unless it is, and brings the device to the file's size.
   *
   * @throws DiskFailedException if there is no device left
   */
  static LoopDevice attach(Path image) throws IOException {
    // The device that it has, if it has one: then it is told to stay as well, had it been told to
    // go once nobody uses it.
    HostTools.Result attached =
        HostTools.run("losetup", "--find", "--show", "--nooverlap", image.toString());
    if (!attached.well()) {
      IOException why = attached.failure();
      throw attached.output().contains("unused loop device")
          ? new DiskFailedException("the host has no loop device left", why)
          : why;
    }
    String device = attached.output();
    HostTools.need("losetup", "--set-capacity", device);
    return new LoopDevice(Path.of(device));
  }

  /** Those that a file is attached as. */
  static List<LoopDevice> of(Path image) throws IOException {
    return HostTools.need("losetup", "--noheadings", "--output", "NAME", "-j", image.toString())
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(line -> new LoopDevice(Path.of(line)))
        .toList();
  }

  void detach() throws IOException {
    HostTools.need("losetup", "--detach", path.toString());
  }

  /**
   * Whether it is mounted where this process sees it. By its numbers: whoever mounted it may have
   * called it otherwise.
   */
  boolean isMounted() throws IOException {
    long numbers = ((Number) Files.getAttribute(path, "unix:rdev")).longValue();
    long major = (numbers >> 8) & 0xfff;
    long minor = (numbers & 0xff) | ((numbers >> 12) & 0xfff00);
    String third = " " + major + ":" + minor + " ";
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return mounts.anyMatch(mount -> mount.contains(third));
    }
  }

  /**
   * Puts the file system right and brings it to the size of the device.
   *
   * @param bytes size of the device
   * @throws DiskFailedException if it is damaged
   */
  DiskFiles.Growth fill(long bytes) throws IOException {
    boolean full = SuperBlock.of(path).fills(bytes);
    if (isMounted()) {
      return full ? DiskFiles.Growth.DONE : growMounted();
    }
    HostTools.Result check =
        full
            ? HostTools.run("e2fsck", "-p", path.toString())
            : free("e2fsck", "-f", "-p", path.toString());
    if (isInUse(check)) {
      // Mounted where this process does not see it: the kernel lets nobody else have it then.
      return full ? DiskFiles.Growth.DONE : DiskFiles.Growth.WHEN_UNMOUNTED;
    }
    if ((check.exitCode() & LEFT) != 0) {
      throw new DiskFailedException(
          "its file system is damaged and has to be repaired by the host's operator",
          check.failure());
    }
    if ((check.exitCode() & ~CORRECTED) != 0) {
      throw check.failure();
    }
    if (!full) {
      HostTools.Result grown = free("resize2fs", path.toString());
      if (!grown.well()) {
        throw grown.failure();
      }
    }
    return DiskFiles.Growth.DONE;
  }

  /** Runs what needs a device that nobody else uses; waits a little for that. */
  private static HostTools.Result free(String program, String... arguments) throws IOException {
    HostTools.Result[] last = {HostTools.run(program, arguments)};
    if (isInUse(last[0])) {
      boolean _ =
          Patience.until(
              () -> {
                last[0] = HostTools.run(program, arguments);
                return !isInUse(last[0]);
              });
    }
    return last[0];
  }

  private static boolean isInUse(HostTools.Result result) {
    return !result.well()
        && (result.output().contains("is in use") || result.output().contains("resource busy"));
  }

  private DiskFiles.Growth growMounted() throws IOException {
    HostTools.Result grown = HostTools.run("resize2fs", path.toString());
    if (grown.well()) {
      return DiskFiles.Growth.DONE;
    }
    if (grown.output().contains("Permission denied")) {
      return DiskFiles.Growth.WHEN_UNMOUNTED;
    }
    throw grown.failure();
  }
}
