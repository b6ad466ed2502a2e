package io.podyard.runtime.docker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real crashes, on an engine of this machine. */
public final class CoreDumps {

  /** What a busybox does until its stack is full. */
  public static final String[] CRASH = {
    "busybox", "awk", "function f(n) { return f(n + 1) + 1 } BEGIN { f(1) }"
  };

  private static final Path PATTERN = Path.of("/proc/sys/kernel/core_pattern");

  private CoreDumps() {}

  /** Whether the kernel writes core dumps to files. */
  public static boolean areFiles() {
    try {
      return !Files.readString(PATTERN).startsWith("|");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test where it does not. */
  public static void needFiles() {
    if (!areFiles()) {
      EngineForTests.skip("core", "the kernel hands core dumps to a program, says " + PATTERN);
    }
  }

  public static void assertCore(byte[] file) {
    ByteBuffer core = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(core.getInt(0)).as("ELF").isEqualTo(0x464C457F);
    assertThat(core.getShort(16)).as("a core").isEqualTo((short) 4);
  }
}
