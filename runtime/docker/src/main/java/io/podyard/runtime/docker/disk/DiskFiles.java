package io.podyard.runtime.docker.disk;

import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Disks as files of this machine: sparse, exactly as large as said, with ext4 on them, attached as
 * loop devices. Every call may be repeated from the beginning, by another process and after a kill
 * or a restart of the machine:
 *
 * <ul>
 *   <li>{@code <id>.new}: a file that is being made; never attached, made anew.
 *   <li>{@code <id>.img}: the disk. It gets its name once there is a file system on it.
 *   <li>{@code <id>.dev}: a link to the loop device that it is attached as, which need not be true
 *       after a restart of the machine; {@link #ensure} makes it so.
 *   <li>{@code <id>.lock}: held by whoever does anything with the disk.
 * </ul>
 *
 * <p>A file is attached at most once: {@code losetup} looks for it among all devices.
 */
public final class DiskFiles {

  private static final String IMAGE = ".img";
  private static final long GIB = 1L << 30;
  private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62})");
  private static final List<String> TOOLS = List.of("losetup", "mke2fs", "e2fsck", "resize2fs");

  private final Path root;

  /**
   * @param root of this machine; kept as long as the disks
   */
  public DiskFiles(Path root) {
    this.root = root.toAbsolutePath();
  }

  /** How far a disk is grown. */
  public enum Growth {
    /** All of it can be used. */
    DONE,
    /** The kernel grows a mounted file system for CAP_SYS_RESOURCE alone; once unmounted it is. */
    WHEN_UNMOUNTED
  }

  /** Why there can be no disks here; empty if there can. */
  public Optional<String> unusableBecause() {
    for (String tool : TOOLS) {
      if (HostTools.find(tool).isEmpty()) {
        return Optional.of("there is no " + tool + " on this machine");
      }
    }
    if (!Files.isReadable(Path.of("/dev/loop-control"))
        || !Files.isWritable(Path.of("/dev/loop-control"))) {
      return Optional.of("the server may not make loop devices, it does not run as root");
    }
    return Optional.empty();
  }

  /** Where the device of a disk is found, as long as it is attached. */
  public Path device(String id) {
    return path(id, ".dev");
  }

  private Path path(String id, String suffix) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("a disk cannot be called " + id);
    }
    return root.resolve(id + suffix);
  }

  /**
   * Makes, grows and attaches a disk, as far as that is not done. It never shrinks one.
   *
   * @param gib 1 or more
   * @throws IOException if this machine cannot, for example for want of room
   */
  public Growth ensure(String id, int gib, Fence fence) throws IOException, StaleFenceException {
    Files.createDirectories(root);
    try (FileChannel lock = open(id);
        FileLock _ = lock.lock()) {
      Path image = path(id, IMAGE);
      if (!Files.exists(image)) {
        make(id, gib * GIB, fence);
      }
      if (Files.size(image) < gib * GIB) {
        fence.check();
        size(image, gib * GIB);
      }
      fence.check();
      // The device that it has, if it has one.
      String device =
          HostTools.need("losetup", "--find", "--show", "--nooverlap", image.toString());
      HostTools.need("losetup", "--set-capacity", device);
      link(id, Path.of(device));
      fence.check();
      return fill(device);
    }
  }

  private FileChannel open(String id) throws IOException {
    return FileChannel.open(path(id, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void make(String id, long bytes, Fence fence) throws IOException, StaleFenceException {
    Path fresh = path(id, ".new");
    Files.deleteIfExists(fresh);
    size(fresh, bytes);
    HostTools.need("mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", fresh.toString());
    try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    fence.check();
    Files.move(fresh, path(id, IMAGE), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static void size(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
      open.getFD().sync();
    }
  }

  private void link(String id, Path device) throws IOException {
    Path link = device(id);
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(device)) {
      return;
    }
    Path fresh = path(id, ".dev-new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, device);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Brings the file system to the size of its device. */
  private static Growth fill(String device) throws IOException {
    if (isMounted(device)) {
      HostTools.Result online = HostTools.run("resize2fs", device);
      if (online.well()) {
        return Growth.DONE;
      }
      if (online.output().contains("Permission denied")) {
        return Growth.WHEN_UNMOUNTED;
      }
      throw new IOException("resize2fs ended with " + online.exitCode() + ": " + online.output());
    }
    // 1: errors that were corrected.
    HostTools.Result check = HostTools.run("e2fsck", "-f", "-p", device);
    if (check.exitCode() > 1) {
      throw new IOException("e2fsck ended with " + check.exitCode() + ": " + check.output());
    }
    HostTools.need("resize2fs", device);
    return Growth.DONE;
  }

  /** By its numbers: whoever mounted it may have called it otherwise. */
  private static boolean isMounted(String device) throws IOException {
    long numbers = ((Number) Files.getAttribute(Path.of(device), "unix:rdev")).longValue();
    long major = (numbers >> 8) & 0xfff;
    long minor = (numbers & 0xff) | ((numbers >> 12) & 0xfff00);
    String third = " " + major + ":" + minor + " ";
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return mounts.anyMatch(mount -> mount.contains(third));
    }
  }

  /** Detaches a disk that nobody has mounted. One that is not attached, or not there, is fine. */
  public void detach(String id, Fence fence) throws IOException, StaleFenceException {
    if (!Files.exists(path(id, ".lock"))) {
      return;
    }
    try (FileChannel lock = open(id);
        FileLock _ = lock.lock()) {
      detachLocked(id, fence);
    }
  }

  private void detachLocked(String id, Fence fence) throws IOException, StaleFenceException {
    Path image = path(id, IMAGE);
    if (Files.exists(image)) {
      String devices =
          HostTools.need("losetup", "--noheadings", "--output", "NAME", "-j", image.toString());
      for (String device : devices.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
        if (isMounted(device)) {
          throw new IOException("disk " + id + " is still mounted from " + device);
        }
        fence.check();
        HostTools.need("losetup", "--detach", device);
      }
    }
    Files.deleteIfExists(device(id));
  }

  /** The disks that there are. */
  public Set<String> ids() throws IOException {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(IMAGE))
          .map(name -> name.substring(0, name.length() - IMAGE.length()))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** Detaches a disk and removes all of it. One that is not there is fine. */
  public void delete(String id, Fence fence) throws IOException, StaleFenceException {
    if (!Files.exists(path(id, ".lock"))) {
      return;
    }
    try (FileChannel lock = open(id);
        FileLock _ = lock.lock()) {
      detachLocked(id, fence);
      fence.check();
      Files.deleteIfExists(path(id, ".new"));
      Files.deleteIfExists(path(id, ".dev-new"));
      Files.deleteIfExists(path(id, IMAGE));
      Files.deleteIfExists(path(id, ".lock"));
    }
  }
}
