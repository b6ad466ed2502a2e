package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.MemoryMib;
import io.podyard.model.Size;
import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cgroup for each group, above those of its containers, so that all of them together stay within
 * the group's size. Only for an engine of this machine that makes cgroups as folders, and where we
 * may write them; elsewhere containers have their own limits alone.
 */
final class GroupCgroup {

  private static final String OURS = "podyard";
  private static final int CPU_PERIOD_MICROS = 100_000;
  private static final int LEAST_QUOTA_MICROS = 1_000;

  /** For the sandbox; so a container that uses up the group's memory meets its own limit first. */
  private static final MemoryMib SLACK = MemoryMib.of(16);

  private final Path root;

  /**
   * @param root {@code /sys/fs/cgroup}
   */
  GroupCgroup(Path root) {
    this.root = root;
  }

  /** Why no cgroup can be made here; empty if one can. Makes one and removes it. */
  Optional<String> unusableBecause() {
    String name = OURS + "/try-" + ProcessHandle.current().pid();
    try {
      bound(name, Size.of(1000, 64));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("cgroups below " + root + " cannot be made from here: " + e.getMessage());
    } finally {
      remove(name);
    }
  }

  private void bound(String name, Size size) throws IOException {
    if (unified()) {
      ensureUnified(root.resolve(name), size);
    } else {
      ensureSplit(name, size);
    }
  }

  private boolean unified() {
    return Files.exists(root.resolve("cgroup.controllers"));
  }

  /**
   * Makes the cgroup.
   *
   * @return its name for the engine; empty if it cannot be made here
   */
  Optional<String> ensure(
      InstallationId installation, ContainerGroupId group, Size size, Fence fence)
      throws StaleFenceException {
    fence.check();
    String name = OURS + "/" + installation + "-" + group;
    Path there = unified() ? root.resolve(name) : root.resolve("memory").resolve(name);
    boolean before = Files.isDirectory(there);
    try {
      bound(name, size);
      return Optional.of("/" + name);
    } catch (IOException e) {
      if (before) {
        // It holds more than it may have now: rather an old limit than none.
        System.getLogger(GroupCgroup.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "group {0} keeps its old limits: {1}",
                group,
                e.getMessage());
        return Optional.of("/" + name);
      }
      System.getLogger(GroupCgroup.class.getName())
          .log(System.Logger.Level.DEBUG, "no cgroup above the containers of " + group, e);
      return Optional.empty();
    }
  }

  private void ensureUnified(Path folder, Size size) throws IOException {
    Files.createDirectories(folder);
    for (Path above : List.of(root, root.resolve(OURS))) {
      Files.writeString(above.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
    }
    Files.writeString(folder.resolve("cpu.max"), quota(size) + " " + CPU_PERIOD_MICROS);
    Files.writeString(folder.resolve("memory.max"), Long.toString(memory(size)));
    Path swap = folder.resolve("memory.swap.max");
    if (Files.exists(swap)) {
      Files.writeString(swap, "0");
    }
  }

  private void ensureSplit(String name, Size size) throws IOException {
    Path cpu = root.resolve("cpu").resolve(name);
    Path memory = root.resolve("memory").resolve(name);
    if (!Files.isDirectory(root.resolve("cpu")) || !Files.isDirectory(root.resolve("memory"))) {
      throw new IOException("no cpu or memory cgroups below " + root);
    }
    Files.createDirectories(cpu);
    Files.createDirectories(memory);
    Files.writeString(cpu.resolve("cpu.cfs_period_us"), Integer.toString(CPU_PERIOD_MICROS));
    Path limit = memory.resolve("memory.limit_in_bytes");
    Path swap = memory.resolve("memory.memsw.limit_in_bytes");
    boolean swaps = Files.exists(swap);
    // The limit with swap is never the lower of the two.
    if (swaps && growsTo(swap, memory(size))) {
      Files.writeString(swap, Long.toString(memory(size)));
    }
    Files.writeString(limit, Long.toString(memory(size)));
    if (swaps) {
      Files.writeString(swap, Long.toString(memory(size)));
    }
    // Last: the kernel refuses less than a container below it has.
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), Long.toString(quota(size)));
  }

  private static boolean growsTo(Path limit, long bytes) throws IOException {
    try {
      return Long.parseLong(Files.readString(limit).strip()) < bytes;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static long quota(Size size) {
    return Math.max(LEAST_QUOTA_MICROS, size.cpu().value() * (long) CPU_PERIOD_MICROS / 1000);
  }

  private static long memory(Size size) {
    return size.memory().plus(SLACK).bytes();
  }

  /** Removes the cgroup, in all hierarchies. What is not there, or not ours to remove, is fine. */
  void remove(InstallationId installation, ContainerGroupId group, Fence fence)
      throws StaleFenceException {
    fence.check();
    remove(OURS + "/" + installation + "-" + group);
  }

  private void remove(String name) {
    for (Path hierarchy : hierarchies()) {
      try {
        Files.deleteIfExists(hierarchy.resolve(name));
      } catch (IOException e) {
        System.getLogger(GroupCgroup.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot remove cgroup " + name, e);
      }
    }
  }

  private List<Path> hierarchies() {
    if (unified()) {
      return List.of(root);
    }
    List<Path> hierarchies = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
      folders.forEach(hierarchies::add);
    } catch (IOException e) {
      return List.of();
    }
    return hierarchies;
  }
}
