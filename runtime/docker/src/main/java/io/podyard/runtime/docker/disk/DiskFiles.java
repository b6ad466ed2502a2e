package io.podyard.runtime.docker.disk;

import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
 *   <li>{@code <id>.user}: who has the disk, written before it is attached and removed once it is
 *       detached.
 *   <li>{@code <id>.dev}: a link to the loop device that it is attached as, which need not be true
 *       after a restart of the machine; {@link #attach} makes it so.
 *   <li>{@code locks}: what is held by whoever does anything with a disk.
 * </ul>
 *
 * <p>A file is attached at most once: {@code losetup} looks for it among all devices.
 */
public final class DiskFiles {

  private static final String IMAGE = ".img";
  private static final String USER = ".user";
  private static final long GIB = 1L << 30;
  private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62})");
  private static final List<String> TOOLS = List.of("losetup", "mke2fs", "e2fsck", "resize2fs");

  /** Longer than anything takes but the check of a large disk that was not put away properly. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Path root;
  private final DiskLocks locks;

  /**
   * @param root of this machine; kept as long as the disks
   */
  public DiskFiles(Path root) {
    this.root = root.toAbsolutePath();
    this.locks = new DiskLocks(this.root.resolve("locks"), LONGEST_WAIT);
  }

  /** How far a disk is grown. */
  public enum Growth {
    /** All of it can be used. */
    DONE,
    /**
     * It is mounted, and this process may not or cannot grow it meanwhile; once unmounted it is.
     */
    WHEN_UNMOUNTED
  }

  /** Why there can be no disks here; empty if there can. */
  public static Optional<String> unusableBecause() {
    for (String tool : TOOLS) {
      if (HostTools.find(tool).isEmpty()) {
        return Optional.of("there is no " + tool + " on this machine");
      }
    }
    if (!Files.isReadable(Path.of("/dev/loop-control"))
        || !Files.isWritable(Path.of("/dev/loop-control"))) {
      return Optional.of("the server may not make loop devices there");
    }
    return Optional.empty();
  }

  /** Where the device of a disk is found, as long as it is attached. */
  public Path device(String id) {
    return path(id, ".dev");
  }

  /** Whether the disk was made. */
  public boolean exists(String id) {
    return Files.exists(path(id, IMAGE));
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
   * @param user whose it is until it is detached
   * @throws DiskInUseException if it is somebody else's
   * @throws DiskFailedException if this machine cannot, for a reason to be told to its user
   * @throws IOException if it cannot for any other
   */
  public Growth attach(String id, int gib, String user, Fence fence)
      throws IOException, StaleFenceException {
    try (DiskLocks.Held _ = hold(id)) {
      Optional<String> other = user(id).filter(found -> !found.equals(user));
      if (other.isPresent()) {
        throw new DiskInUseException(id, other.get());
      }
      Path image = path(id, IMAGE);
      fence.check();
      if (!Files.exists(image)) {
        make(id, gib * GIB, fence);
      }
      if (Files.size(image) < gib * GIB) {
        fence.check();
        size(image, gib * GIB);
      }
      fence.check();
      write(path(id, USER), user);
      LoopDevice device = LoopDevice.attach(image);
      link(id, device.path());
      fence.check();
      return device.fill(Files.size(image));
    }
  }

  private DiskLocks.Held hold(String id) throws IOException {
    Path _ = path(id, IMAGE); // not before its name is known to be one
    if (!Files.isDirectory(root)) {
      Path _ =
          Files.createDirectories(
              root,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return locks.hold(id);
  }

  private void make(String id, long bytes, Fence fence) throws IOException, StaleFenceException {
    Path fresh = path(id, ".new");
    Files.deleteIfExists(fresh);
    size(fresh, bytes);
    HostTools.Result made =
        HostTools.run("mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", fresh.toString());
    if (!made.well()) {
      Files.deleteIfExists(fresh);
      throw made.output().contains("No space left") ? noRoom(made.failure()) : made.failure();
    }
    try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    fence.check();
    Files.move(fresh, path(id, IMAGE), StandardCopyOption.ATOMIC_MOVE);
    syncFolder();
  }

  private void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static DiskFailedException noRoom(IOException cause) {
    return new DiskFailedException("there is no room for it on the host", cause);
  }

  private static void size(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
      open.getFD().sync();
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (why.contains("No space left")) {
        throw noRoom(e);
      }
      throw why.contains("too large")
          ? new DiskFailedException("the file system of the host holds no file so large", e)
          : e;
    }
  }

  /** As a whole or not at all, whenever the machine stops. */
  private void write(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Path fresh = root.resolve(file.getFileName() + "-new");
    Files.writeString(fresh, text);
    try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder();
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

  /** Who has a disk. */
  public Optional<String> user(String id) throws IOException {
    Path file = path(id, USER);
    return Files.exists(file)
        ? Optional.of(Files.readString(file)).filter(user -> !user.isEmpty())
        : Optional.empty();
  }

  /** The disks that somebody has. */
  public Set<String> of(String user) throws IOException {
    Set<String> has = new TreeSet<>();
    for (String id : named(USER)) {
      if (user(id).equals(Optional.of(user))) {
        has.add(id);
      }
    }
    return has;
  }

  /** The disks that there are. */
  public Set<String> ids() throws IOException {
    return named(IMAGE);
  }

  private Set<String> named(String suffix) throws IOException {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * Takes a disk from its user. One that is not theirs, or not there, is fine.
   *
   * @throws IOException if it is still mounted
   */
  public void detach(String id, String user, Fence fence) throws IOException, StaleFenceException {
    if (!Files.exists(path(id, USER))) {
      return;
    }
    try (DiskLocks.Held _ = hold(id)) {
      if (user(id).equals(Optional.of(user))) {
        detachLocked(id, fence);
      }
    }
  }

  private void detachLocked(String id, Fence fence) throws IOException, StaleFenceException {
    Path image = path(id, IMAGE);
    if (Files.exists(image)) {
      for (LoopDevice device : LoopDevice.of(image)) {
        if (device.isMounted()) {
          throw new IOException("disk " + id + " is still mounted from " + device.path());
        }
        fence.check();
        device.detach();
      }
      // The kernel keeps a device that somebody uses where this process does not see it.
      if (!Patience.until(() -> LoopDevice.of(image).isEmpty())) {
        throw new IOException("disk " + id + " is still used where its mount is not seen");
      }
    }
    fence.check();
    Files.deleteIfExists(device(id));
    Files.deleteIfExists(path(id, USER));
  }

  /**
   * Removes all of a disk. One that is not there is fine.
   *
   * @throws DiskInUseException if somebody has it
   */
  public void delete(String id, Fence fence) throws IOException, StaleFenceException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (DiskLocks.Held _ = hold(id)) {
      Optional<String> user = user(id);
      if (user.isPresent()) {
        throw new DiskInUseException(id, user.get());
      }
      detachLocked(id, fence);
      fence.check();
      for (String suffix : List.of(".new", ".dev-new", USER + "-new", IMAGE)) {
        Files.deleteIfExists(path(id, suffix));
      }
      syncFolder();
    }
  }
}
