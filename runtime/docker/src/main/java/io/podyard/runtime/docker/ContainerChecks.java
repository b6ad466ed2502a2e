package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Handler;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Probes and hooks: commands in the container, and connections that the program of the group's
 * sandbox makes from inside its network.
 */
final class ContainerChecks {

  /** As much as a message of a group may be. */
  private static final int LONGEST_OUTPUT = 1_000;

  /** The program gives up by itself; it is ended only if it does not. */
  private static final Duration TO_SAY_SO = Duration.ofSeconds(5);

  private final EngineCalls calls;
  private final ExecRun execs;
  private final TlsChecks tls;

  ContainerChecks(EngineCalls calls, ExecRun execs) {
    this.calls = calls;
    this.execs = execs;
    this.tls = new TlsChecks(execs);
  }

  CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    String sandbox = Names.sandbox(installation, group);
    return switch (handler) {
      case Handler.Exec(List<String> command) -> inContainer(engineId, command, timeout);
      case Handler.TcpSocket tcp -> {
        mustRun(engineId);
        String host = tcp.host() == null ? ip : tcp.host();
        String port = Integer.toString(tcp.port());
        yield isPlain(host)
            ? inSandbox(sandbox, List.of("probe-tcp", host, port, millis(timeout)), timeout)
            : new CheckResult(false, "cannot resolve the host " + host);
      }
      case Handler.HttpGet http -> {
        mustRun(engineId);
        String host = http.host() == null ? ip : http.host();
        if (!isPlain(host)) {
          yield new CheckResult(false, "cannot resolve the host " + host);
        }
        if (!headersArePlain(http)) {
          yield new CheckResult(false, "a path or header may not have several lines");
        }
        yield http.tls()
            ? tls.get(sandbox, http, host, timeout)
            : inSandbox(sandbox, request(http, host, timeout), timeout);
      }
    };
  }

  private static List<String> request(Handler.HttpGet http, String host, Duration timeout) {
    List<String> command = new ArrayList<>();
    command.add("probe-http");
    command.add("http://" + host + ":" + http.port() + http.path());
    for (Handler.HttpHeader header : http.headers()) {
      command.add("--header");
      command.add(header.name() + ": " + header.value());
    }
    command.add(millis(timeout));
    return command;
  }

  /** A name or an IPv4 address; the sandbox's program knows nothing else. */
  private static boolean isPlain(String host) {
    return host.matches("[A-Za-z0-9._-]{1,253}");
  }

  private static boolean headersArePlain(Handler.HttpGet http) {
    return http.headers().stream().allMatch(h -> oneLine(h.name()) && oneLine(h.value()))
        && oneLine(http.path())
        && http.path().indexOf(' ') < 0;
  }

  private static boolean oneLine(String text) {
    return text.chars().noneMatch(c -> c < ' ');
  }

  static String millis(Duration timeout) {
    return Long.toString(Math.clamp(timeout.toMillis(), 1, Duration.ofDays(1).toMillis()));
  }

  private CheckResult inContainer(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      return result(execs.run(engineId, command, timeout));
    } catch (CommandTimedOutException e) {
      return new CheckResult(
          false, e.getMessage() + (e.ended() ? "" : "; it may still be running"));
    }
  }

  private CheckResult inSandbox(String sandbox, List<String> command, Duration timeout)
      throws RuntimeUnavailableException {
    List<String> whole = new ArrayList<>(List.of(SandboxImage.PROGRAM));
    whole.addAll(command);
    try {
      ExecResult result = execs.run(sandbox, whole, timeout.plus(TO_SAY_SO));
      return result.exitCode() == SandboxImage.NOT_UNDERSTOOD
          ? tooOld(command.getFirst())
          : result(result);
    } catch (CommandTimedOutException e) {
      throw new RuntimeUnavailableException("the sandbox did not answer in time", e);
    } catch (NoSuchContainerException e) {
      throw new RuntimeUnavailableException("the group's sandbox does not run", e);
    }
  }

  /** Of a sandbox whose program does not know a command. */
  static CheckResult tooOld(String command) {
    return new CheckResult(
        false,
        "the group's sandbox was made by an earlier version, which does not know this check ("
            + command
            + "); make the group anew");
  }

  private static CheckResult result(ExecResult result) {
    String output = result.output().strip();
    if (output.isEmpty() && result.exitCode() != 0) {
      output = "exit code " + result.exitCode();
    }
    return new CheckResult(result.exitCode() == 0, cut(output));
  }

  static String cut(String text) {
    return text.length() <= LONGEST_OUTPUT ? text : text.substring(0, LONGEST_OUTPUT) + "...";
  }

  private void mustRun(String engineId)
      throws RuntimeUnavailableException, NoSuchContainerException {
    boolean runs =
        calls.read(
            docker -> {
              try {
                return Boolean.TRUE.equals(
                    docker.inspectContainerCmd(engineId).exec().getState().getRunning());
              } catch (NotFoundException e) {
                return false;
              }
            });
    if (!runs) {
      throw new NoSuchContainerException("container " + engineId + " does not run");
    }
  }
}
