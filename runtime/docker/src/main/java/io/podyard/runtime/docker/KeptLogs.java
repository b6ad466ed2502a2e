package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Logs of containers that are not there any more, in lines with times, in an archive. */
final class KeptLogs {

  private final LogArchive archive;

  KeptLogs(LogArchive archive) {
    this.archive = archive;
  }

  /** Hands on the lines of a log. */
  @FunctionalInterface
  interface Lines<X extends Exception> {
    void forEach(LogFrames.LineSink sink) throws IOException, X;
  }

  /**
   * Keeps a log; whoever hands on its lines does not see trouble of the archive as its own.
   *
   * @throws IOException if the archive cannot keep it now
   */
  <X extends Exception> void keep(ContainerName name, Lines<X> lines) throws IOException, X {
    try {
      archive.<X>keep(
          name,
          out ->
              lines.forEach(
                  line -> {
                    try {
                      out.write(line.stamped());
                      if (!line.ended()) {
                        out.write('\n');
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Reads a log.
   *
   * @return false if none is kept of that attempt
   */
  boolean read(ContainerName name, LogFrames.LineSink sink) throws IOException {
    InputStream kept = archive.read(name).orElse(null);
    if (kept == null) {
      return false;
    }
    try (InputStream in = new BufferedInputStream(kept)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b == '\n') {
          hand(line, sink);
        }
      }
      hand(line, sink);
    }
    return true;
  }

  private static void hand(ByteArrayOutputStream line, LogFrames.LineSink sink) throws IOException {
    LogLine parsed = LogLine.parse(line.toByteArray()).orElse(null);
    line.reset();
    if (parsed != null) {
      sink.line(parsed);
    }
  }

  /** The attempts of a container of which a log is kept. */
  List<Integer> attempts(InstallationId installation, ContainerGroupId group, String container)
      throws IOException {
    return archive.attempts(installation, group, container);
  }

  /** Whoever needs to know whether it worked asks for the attempts. */
  void forget(InstallationId installation, ContainerGroupId group) {
    try {
      archive.forget(installation, group);
    } catch (IOException e) {
      System.getLogger(KeptLogs.class.getName())
          .log(System.Logger.Level.WARNING, "the logs of " + group + " are not forgotten yet", e);
    }
  }
}
