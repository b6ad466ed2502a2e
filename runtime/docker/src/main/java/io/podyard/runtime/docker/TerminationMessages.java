package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What containers say of their end, read once they have ended. */
final class TerminationMessages {

  /** As Kubernetes cuts a log that stands for a message. */
  private static final LogQuery END_OF_LOG = new LogQuery(80, 2048, null, false, false);

  /** Of what is larger the beginning is read: its end would have to be waited for. */
  private static final long LARGEST_TO_THE_END = 16 << 20;

  private final EngineCalls calls;
  private final ContainerLogs logs;

  TerminationMessages(EngineCalls calls, ContainerLogs logs) {
    this.calls = calls;
    this.logs = logs;
  }

  /** What labels say of where a container leaves its message. */
  static Map<String, String> labels(TerminationMessage wanted) {
    return Map.of(
        Names.MESSAGE,
        wanted.path(),
        Names.MESSAGE_LOGS,
        Boolean.toString(wanted.fallsBackToLogs()));
  }

  /** The message of a container that ran and ended; empty if there is none. */
  String of(String engineId, Map<String, String> labels, int exitCode)
      throws RuntimeUnavailableException {
    String path = labels.get(Names.MESSAGE);
    if (path == null) {
      return ""; // made by an earlier version
    }
    String message = file(engineId, path);
    boolean fromLog =
        message.isEmpty() && exitCode != 0 && Boolean.parseBoolean(labels.get(Names.MESSAGE_LOGS));
    return fromLog ? endOfLog(labels) : message;
  }

  private String file(String engineId, String path) throws RuntimeUnavailableException {
    String where = URLEncoder.encode(path, StandardCharsets.UTF_8);
    try {
      return calls.<String, RuntimeException>exchange(
          EngineRequest.get("/containers/" + engineId + "/archive?path=" + where),
          CallScope.reading(calls.timeout()),
          answer -> text(answer.getBody()));
    } catch (NotFoundException e) {
      return "";
    } catch (DockerException e) {
      System.getLogger(TerminationMessages.class.getName())
          .log(
              System.Logger.Level.DEBUG,
              "no message of " + engineId + ": " + EngineErrors.words(e));
      return "";
    } catch (StaleFenceException e) {
      throw new IllegalStateException("reading needs no fence", e);
    }
  }

  private static String text(InputStream archive) throws IOException {
    // Not closed: what is left of a large file is not read.
    TarArchiveInputStream tar = new TarArchiveInputStream(archive);
    TarArchiveEntry entry = tar.getNextEntry();
    if (entry == null || !entry.isFile()) {
      return "";
    }
    long tooMuch = entry.getSize() - TerminationMessage.LONGEST_BYTES;
    if (tooMuch > 0 && entry.getSize() <= LARGEST_TO_THE_END) {
      tar.skipNBytes(tooMuch);
    }
    byte[] bytes = tar.readNBytes(TerminationMessage.LONGEST_BYTES);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String endOfLog(Map<String, String> labels) throws RuntimeUnavailableException {
    ContainerName name = Names.container(labels);
    try {
      return name == null ? "" : logs.logs(name, END_OF_LOG);
    } catch (NoSuchContainerException e) {
      return "";
    }
  }
}
