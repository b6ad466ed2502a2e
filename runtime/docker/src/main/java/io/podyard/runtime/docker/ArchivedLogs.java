package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.util.List;

/** Logs of removed containers without any engine: the machine that they ran on may be gone. */
public final class ArchivedLogs {

  private final KeptLogs kept;

  public ArchivedLogs(LogArchive archive) {
    this.kept = new KeptLogs(archive);
  }

  /**
   * The part of the log of the newest attempt, or of the one before it, that is asked for.
   *
   * @throws RuntimeUnavailableException if the archive cannot be read now
   * @throws NoSuchContainerException if no such log is kept
   */
  public String logs(
      InstallationId installation, ContainerGroupId group, String container, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    List<Integer> attempts = attempts(installation, group, container);
    if (attempts.isEmpty()) {
      throw new NoSuchContainerException("no log of container %s is kept".formatted(container));
    }
    int attempt = attempts.getLast() - (query.previous() ? 1 : 0);
    return text(new ContainerName(installation, group, container, attempt), query).text();
  }

  /**
   * The log of an attempt, which has ended.
   *
   * @param firstAttempt the oldest that is wanted; 0 for the newest that there is
   * @throws RuntimeUnavailableException if the archive cannot be read now
   * @throws NoSuchContainerException if no such log is kept
   */
  public LogStream follow(
      InstallationId installation,
      ContainerGroupId group,
      String container,
      int firstAttempt,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    List<Integer> attempts =
        attempts(installation, group, container).stream()
            .filter(attempt -> attempt >= firstAttempt)
            .toList();
    if (attempts.isEmpty()) {
      throw new NoSuchContainerException("no log of container %s is kept".formatted(container));
    }
    int attempt = firstAttempt == 0 ? attempts.getLast() : attempts.getFirst();
    return new EndedLog(
        attempt, text(new ContainerName(installation, group, container, attempt), query));
  }

  private List<Integer> attempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    try {
      return kept.attempts(installation, group, container);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the kept logs of " + group + " are not known now", e);
    }
  }

  private LogText text(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    LogText text = new LogText(query);
    try {
      if (kept.read(name, text::add)) {
        return text;
      }
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the log of " + name + " cannot be read", e);
    }
    throw new NoSuchContainerException(
        "no log of attempt %d of container %s is kept".formatted(name.attempt(), name.container()));
  }
}
