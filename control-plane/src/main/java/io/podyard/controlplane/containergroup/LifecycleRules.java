package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.HttpHeaderRequest;
import io.podyard.api.containergroup.ProbeRequest;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Probes and hooks of a container (contract section 11). A probe has exactly one way of asking, a
 * hook one or, if it is not wanted, none.
 */
final class LifecycleRules {

  private static final int MOST_COMMANDS = 20;
  private static final int LONGEST_COMMAND = 256;
  private static final int LONGEST_HTTP_PATH = 1024;
  private static final int LONGEST_HEADER_VALUE = 1024;
  private static final int MOST_HEADERS = 100;

  /** The contract has no bound; what is looked at less often than daily is not looked at. */
  private static final int MOST_SECONDS = 86_400;

  private static final int MOST_FAILURES = 10_000;

  private static final Pattern HEADER_NAME = Pattern.compile("[-A-Za-z0-9!#$%&'*+.^_`|~]{1,128}");

  private final Findings findings;

  LifecycleRules(Findings findings) {
    this.findings = findings;
  }

  Lifecycle read(ContainerAsked asked) {
    return new Lifecycle(
        probe(asked.path() + ".LivenessProbe", asked.livenessProbe()),
        probe(asked.path() + ".ReadinessProbe", asked.readinessProbe()),
        hook(asked.postStart()),
        hook(asked.preStop()));
  }

  private @Nullable Probe probe(String path, @Nullable ProbeRequest asked) {
    if (asked == null) {
      return null;
    }
    int initialDelay =
        number(path + ".InitialDelaySeconds", asked.initialDelaySeconds(), 0, MOST_SECONDS, 0);
    int period =
        number(
            path + ".PeriodSeconds",
            asked.periodSeconds(),
            1,
            MOST_SECONDS,
            Probe.DEFAULT_PERIOD_SECONDS);
    int timeout =
        number(
            path + ".TimeoutSeconds",
            asked.timeoutSeconds(),
            1,
            MOST_SECONDS,
            Probe.DEFAULT_TIMEOUT_SECONDS);
    int successes =
        number(
            path + ".SuccessThreshold",
            asked.successThreshold(),
            1,
            1,
            Probe.DEFAULT_SUCCESS_THRESHOLD);
    int failures =
        number(
            path + ".FailureThreshold",
            asked.failureThreshold(),
            1,
            MOST_FAILURES,
            Probe.DEFAULT_FAILURE_THRESHOLD);
    Handler handler = handler(path, asked);
    return handler == null
        ? null
        : new Probe(handler, initialDelay, period, timeout, successes, failures);
  }

  private @Nullable Handler handler(String path, ProbeRequest asked) {
    List<Handler> handlers = new ArrayList<>();
    int ways = 0;
    if (asked.exec() != null && !asked.exec().command().isEmpty()) {
      ways++;
      handlers.add(exec(path + ".Exec.Command", asked.exec().command()));
    }
    if (asked.httpGet() != null) {
      ways++;
      ProbeRequest.HttpGet get = asked.httpGet();
      Integer port = port(path + ".HttpGet.Port", get.port());
      String httpPath = httpPath(path + ".HttpGet.Path", get.path());
      boolean tls = tls(path + ".HttpGet.Scheme", get.scheme());
      if (port != null) {
        handlers.add(new Handler.HttpGet(null, port, httpPath, tls, List.of()));
      }
    }
    if (asked.tcpSocket() != null) {
      ways++;
      Integer port = port(path + ".TcpSocket.Port", asked.tcpSocket().port());
      if (port != null) {
        handlers.add(new Handler.TcpSocket(null, port));
      }
    }
    if (ways != 1) {
      findings.invalid(
          path, null, "must have exactly one of Exec.Command, HttpGet and TcpSocket, not " + ways);
      return null;
    }
    return handlers.isEmpty() ? null : handlers.getFirst();
  }

  private @Nullable Handler hook(@Nullable HookAsked asked) {
    if (asked == null) {
      return null;
    }
    String path = asked.path();
    List<Handler> handlers = new ArrayList<>();
    int ways = 0;
    if (asked.asksForExec()) {
      ways++;
      handlers.add(exec(path + "Exec", asked.exec()));
    }
    if (asked.asksForHttp()) {
      ways++;
      Integer port = port(path + "HttpGetPort", asked.httpPort());
      Handler.HttpGet get =
          new Handler.HttpGet(
              host(path + "HttpGetHost", asked.httpHost()),
              port == null ? 0 : port,
              httpPath(path + "HttpGetPath", asked.httpPath()),
              tls(path + "HttpGetScheme", asked.httpScheme()),
              headers(path + asked.headersName(), asked.httpHeaders()));
      handlers.add(get);
    }
    if (asked.asksForTcp()) {
      ways++;
      Integer port = port(path + "TcpSocketPort", asked.tcpPort());
      handlers.add(
          new Handler.TcpSocket(
              host(path + "TcpSocketHost", asked.tcpHost()), port == null ? 0 : port));
    }
    if (ways > 1) {
      findings.invalid(
          path + "Exec",
          null,
          "cannot be given together with another way: a hook has one of Exec, HttpGet and"
              + " TcpSocket");
    }
    return handlers.isEmpty() ? null : handlers.getFirst();
  }

  private Handler exec(String list, List<String> command) {
    if (command.size() > MOST_COMMANDS) {
      findings.tooMany(list, command.size(), MOST_COMMANDS);
    }
    if (command.getFirst().isEmpty()) {
      findings.invalid(list + ".1", null, "must name a program, not be empty");
    }
    for (int i = 0; i < command.size(); i++) {
      findings.tooLong(list + "." + (i + 1), command.get(i), LONGEST_COMMAND);
    }
    return new Handler.Exec(command);
  }

  private @Nullable Integer port(String parameter, @Nullable Integer port) {
    if (port == null) {
      findings.missing(parameter);
    } else if (port < 1 || port > 65535) {
      findings.outOfRange(parameter, port, "must be from 1 to 65535");
    }
    return port;
  }

  private String httpPath(String parameter, @Nullable String path) {
    if (path == null || path.isEmpty()) {
      return "/";
    }
    if (!findings.tooLong(parameter, path, LONGEST_HTTP_PATH)
        && (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c == 127))) {
      findings.invalid(parameter, path, "must begin with '/' and hold no spaces, such as /healthz");
    }
    return path;
  }

  private boolean tls(String parameter, @Nullable String scheme) {
    return switch (scheme) {
      case "HTTPS" -> true;
      case null -> false;
      case "", "HTTP" -> false;
      default -> {
        findings.invalid(parameter, scheme, "must be HTTP or HTTPS");
        yield false;
      }
    };
  }

  /** A name is looked up as the group itself would; null for the group's own address. */
  private @Nullable String host(String parameter, @Nullable String host) {
    if (host == null || host.isEmpty()) {
      return null;
    }
    // What looks like IPv6 is no name either.
    if (!TextForms.isHostname(host)) {
      findings.invalid(parameter, host, "must be an IPv4 address or a host name");
    }
    return host;
  }

  private List<Handler.HttpHeader> headers(String list, List<HttpHeaderRequest> asked) {
    if (asked.size() > MOST_HEADERS) {
      findings.tooMany(list, asked.size(), MOST_HEADERS);
    }
    List<Handler.HttpHeader> headers = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = list + "." + (i + 1);
      String name = asked.get(i).name();
      String value = Objects.requireNonNullElse(asked.get(i).value(), "");
      if (name == null || name.isEmpty()) {
        findings.missing(path + ".Name");
        continue;
      }
      if (!HEADER_NAME.matcher(name).matches()) {
        findings.invalid(path + ".Name", name, "must be the name of an HTTP header");
      }
      if (!findings.tooLong(path + ".Value", value, LONGEST_HEADER_VALUE)
          && value.chars().anyMatch(c -> c < ' ' || c == 127)) {
        findings.invalid(path + ".Value", null, "must hold no control characters");
      }
      headers.add(new Handler.HttpHeader(name, value));
    }
    return headers;
  }

  private int number(String parameter, @Nullable Integer given, int least, int most, int absent) {
    if (given == null) {
      return absent;
    }
    if (given < least || given > most) {
      findings.outOfRange(
          parameter,
          given,
          least == most ? "must be " + least : "must be from %d to %d".formatted(least, most));
    }
    return given;
  }
}
