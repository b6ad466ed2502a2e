package io.podyard.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a probe or a hook does in a container or over the group's network (contract section 11). */
public sealed interface Handler {

  /**
   * Runs a command in the container; exit code 0 is success.
   *
   * @param command not run by a shell, at least one word
   */
  record Exec(List<String> command) implements Handler {
    public Exec {
      if (command.isEmpty()) {
        throw new IllegalArgumentException("there is no command without a word");
      }
      command = List.copyOf(command);
    }
  }

  /**
   * Asks from inside the group's network; a status from 200 to 399 is success. Certificates are not
   * verified and redirects are not followed to other hosts.
   *
   * @param host null for the group's own address
   * @param port 1 to 65535
   * @param path begins with a slash
   */
  record HttpGet(
      @Nullable String host, int port, String path, boolean tls, List<HttpHeader> headers)
      implements Handler {
    public HttpGet {
      headers = List.copyOf(headers);
    }
  }

  /**
   * Opens a connection from inside the group's network; that it opens is success.
   *
   * @param host null for the group's own address
   * @param port 1 to 65535
   */
  record TcpSocket(@Nullable String host, int port) implements Handler {}

  record HttpHeader(String name, String value) {}
}
