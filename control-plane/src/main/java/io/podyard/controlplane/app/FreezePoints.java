package io.podyard.controlplane.app;

import io.podyard.controlplane.write.CommitPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Freezes the process at a named moment, for the tests that prove that it may stand still anywhere.
 * {@code PODYARD_FREEZE_WHEN} is the path of a file that is usually not there. When it is, it holds
 * a moment in the form {@code <what>:<before|after>}, with the names of {@link CrashPoints}. The
 * process that comes to it first, of all that were given the path, takes the file away and stops
 * all its threads as {@code kill -STOP} does, until {@code kill -CONT}.
 */
final class FreezePoints implements CommitPoints {

  private final Path file;

  FreezePoints(Path file) {
    this.file = file;
  }

  @Override
  public void reached(String what, Side when) {
    try {
      if (Files.exists(file)
          && Files.readString(file)
              .strip()
              .equals(what + ":" + when.name().toLowerCase(Locale.ROOT))
          && Files.deleteIfExists(file)) {
        freeze();
      }
    } catch (NoSuchFileException e) {
      // Another one took it.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void freeze() throws IOException {
    try {
      // It comes back from this only when somebody lets the process go on.
      int _ =
          new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
              .start()
              .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
