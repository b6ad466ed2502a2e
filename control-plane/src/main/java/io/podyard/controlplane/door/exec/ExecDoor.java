package io.podyard.controlplane.door.exec;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.ErrorStatus;
import io.podyard.controlplane.door.ExecAddresses;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.RequestIds;
import io.podyard.controlplane.exec.ExecSessions;
import io.podyard.controlplane.exec.ExecToken;
import io.podyard.controlplane.exec.OpenExec;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestHandler;

/**
 * Opens sessions. Everything about a request is looked at before its secret is, which opens nothing
 * a second time.
 */
final class ExecDoor implements HttpRequestHandler {

  private static final int KEY_BYTES = 16;
  private static final String VERSION = "13";

  private final ExecSessions sessions;
  private final ErrorForm errors;

  ExecDoor(ExecSessions sessions, ErrorForm errors) {
    this.sessions = sessions;
    this.errors = errors;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      open(request, response);
    } catch (DeploymentException | ServletException | RuntimeException e) {
      ApiException error = Failures.toLoggedError(e);
      DoorHandler.write(
          errors.error(
              RequestIds.next(),
              error,
              ErrorStatus.rest(error.code()),
              DoorHandler.call(request, InputStream.nullInputStream())),
          response);
    }
  }

  private void open(HttpServletRequest request, HttpServletResponse response)
      throws IOException, DeploymentException, ServletException {
    requireWebSocket(request);
    requireProtocol(request);
    switch (sessions.open(new ExecToken(secret(request)))) {
      case ExecSessions.Opening.Opened(OpenExec session) -> {
        boolean upgraded = false;
        try {
          upgrade(request, response, session);
          upgraded = true;
        } finally {
          if (!upgraded) {
            boolean _ = session.left("the connection could not be opened");
          }
        }
      }
      case ExecSessions.Opening.Unknown _ ->
          throw new ApiException(
              Problem.of(
                  ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                  ExecAddresses.SOCKET_SECRET,
                  "opens no session: it was used, its time is over, or it was never given out"));
      case ExecSessions.Opening.TooMany(int most) ->
          throw new ApiException(
              ErrorCode.SERVICE_UNAVAILABLE,
              "This server has %d sessions at most, or is stopping. Try again.".formatted(most));
    }
  }

  private static void upgrade(
      HttpServletRequest request, HttpServletResponse response, OpenExec session)
      throws IOException, DeploymentException, ServletException {
    ServerContainer container =
        (ServerContainer) request.getServletContext().getAttribute(ServerContainer.class.getName());
    container.upgradeHttpToWebSocket(
        request,
        response,
        ServerEndpointConfig.Builder.create(ExecSocket.class, ExecAddresses.SOCKET_PATH)
            .subprotocols(ExecChannels.PROTOCOLS)
            .configurator(new OneClient(session))
            .build(),
        Map.of());
  }

  /** Makes the endpoint of one client. */
  private static final class OneClient extends ServerEndpointConfig.Configurator {

    private final OpenExec session;

    OneClient(OpenExec session) {
      this.session = session;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(new ExecSocket(session));
    }
  }

  private static String secret(HttpServletRequest request) {
    String secret = request.getParameter(ExecAddresses.SOCKET_SECRET);
    if (secret == null || secret.isEmpty()) {
      throw new ApiException(Problem.missing(ExecAddresses.SOCKET_SECRET));
    }
    return secret;
  }

  private static void requireWebSocket(HttpServletRequest request) {
    if (!request.getMethod().equals("GET")
        || !tokens(request, "Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase)
        || !tokens(request, "Connection").stream().anyMatch("upgrade"::equalsIgnoreCase)) {
      throw refused("Upgrade", null, "must be websocket: sessions are opened by a WebSocket");
    }
    String version = request.getHeader("Sec-WebSocket-Version");
    if (!VERSION.equals(version)) {
      throw refused("Sec-WebSocket-Version", version, "must be " + VERSION);
    }
    String key = request.getHeader("Sec-WebSocket-Key");
    if (key == null || !isKey(key.strip())) {
      throw refused("Sec-WebSocket-Key", key, "must be 16 bytes in Base64");
    }
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Who asks for protocols must ask for one that is spoken; who asks for none is understood. */
  private static void requireProtocol(HttpServletRequest request) {
    List<String> asked = tokens(request, "Sec-WebSocket-Protocol");
    if (!asked.isEmpty() && Collections.disjoint(asked, ExecChannels.PROTOCOLS)) {
      throw refused(
          "Sec-WebSocket-Protocol",
          String.join(", ", asked),
          "must have %s among it, or be absent"
              .formatted(String.join(" or ", ExecChannels.PROTOCOLS)));
    }
  }

  private static List<String> tokens(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(token -> !token.isEmpty())
        .toList();
  }

  private static ApiException refused(String header, @Nullable String value, String message) {
    return new ApiException(new Problem(ErrorCode.INVALID_PARAMETER, header, value, message));
  }
}
