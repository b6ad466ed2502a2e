package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where the logs of removed containers are, for everybody who may drive or read the groups of an
 * installation: what one process keeps, any other reads and forgets. Texts are lines, in UTF-8 or
 * whatever the container wrote. Safe for many threads and processes.
 */
public interface LogArchive {

  /**
   * Writes a text.
   *
   * @param <X> why it may not be possible, aside from the place it is written to
   */
  @FunctionalInterface
  interface Text<X extends Exception> {
    void writeTo(OutputStream out) throws IOException, X;
  }

  /**
   * Keeps the newest part of the log of an attempt, from the beginning of a line on: all of it or,
   * if this fails at any point, nothing. What was kept of the same attempt is replaced; attempts
   * older than the one before the newest are forgotten. An archive may decline, without failing, to
   * keep what nobody could ask for.
   *
   * @throws IOException if it cannot be kept now
   */
  <X extends Exception> void keep(ContainerName name, Text<X> text) throws IOException, X;

  /**
   * What is kept of an attempt, from the beginning of a line on; empty if nothing is. The caller
   * closes it.
   *
   * @throws IOException if it cannot be read now; so may the stream
   */
  Optional<InputStream> read(ContainerName name) throws IOException;

  /**
   * The attempts of a container of which a log is kept, in ascending order.
   *
   * @throws IOException if it cannot be told now
   */
  List<Integer> attempts(InstallationId installation, ContainerGroupId group, String container)
      throws IOException;

  /**
   * Drops all that is kept of a group.
   *
   * @throws IOException if something may still be there
   */
  void forget(InstallationId installation, ContainerGroupId group) throws IOException;
}
