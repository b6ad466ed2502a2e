package io.podyard.controlplane.door.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.api.ApiException;
import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ExecAddresses;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.exec.ExecSessions;
import io.podyard.controlplane.exec.ExecToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.HtmlUtils;

/**
 * The page with a terminal, which opens once. It gets a secret of its own for its WebSocket;
 * scripts and styles are this server's own, and nothing else is let in.
 */
final class TerminalPage implements HttpRequestHandler {

  private static final String XTERM = "/webjars/xterm/4.9.0";
  private static final String FIT = "/webjars/xterm-addon-fit/0.3.0";

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>Terminal - Podyard</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="%1$s%2$s/css/xterm.css">
      <link rel="stylesheet" href="%1$s/terminal/terminal.css">
      <script defer src="%1$s%2$s/lib/xterm.js"></script>
      <script defer src="%1$s%3$s/lib/xterm-addon-fit.js"></script>
      <script defer src="%1$s/terminal/terminal.js"></script>
      </head>
      <body>
      <div id="terminal" data-socket="%4$s" data-terminal="%5$s"></div>
      <p id="state" role="status">connecting</p>
      </body>
      </html>
      """;

  private static final String NO_PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>No session - Podyard</title></head>
      <body><h1>%s</h1><p>%s</p></body>
      </html>
      """;

  private final ExecSessions sessions;
  private final PublicAddress address;

  TerminalPage(ExecSessions sessions, PublicAddress address) {
    this.sessions = sessions;
    this.address = address;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // Also HEAD must not use the link up.
    if (!request.getMethod().equals("GET")) {
      response.setHeader("Allow", "GET");
      write(response, 405, "default-src 'none'", noPage("Not this way", "This page takes GET."));
      return;
    }
    String secret = request.getParameter(ExecAddresses.PAGE_SECRET);
    try {
      Optional<ExecSessions.OpenedPage> page =
          sessions.openPage(new ExecToken(secret == null ? "" : secret));
      if (page.isEmpty()) {
        write(
            response,
            404,
            "default-src 'none'",
            noPage(
                "This link opens nothing",
                "It was used, its 30 seconds are over, or it was never given out. Ask for a new one"
                    + " with ExecContainerCommand."));
        return;
      }
      String server = address.of(DoorHandler.call(request, InputStream.nullInputStream()));
      String socket = new ExecAddresses(server).socket(page.get().socket());
      write(
          response,
          200,
          policy(server, socket),
          PAGE.formatted(
              HtmlUtils.htmlEscape(server),
              XTERM,
              FIT,
              HtmlUtils.htmlEscape(socket),
              page.get().terminal()));
    } catch (RuntimeException e) {
      ApiException error = Failures.toLoggedError(e);
      write(
          response,
          503,
          "default-src 'none'",
          noPage("Not now", String.valueOf(error.getMessage())));
    }
  }

  /** Its own scripts and styles, its own WebSocket, and nothing from or in anybody else's page. */
  private static String policy(String server, String socket) {
    String here = origin(URI.create(server));
    return ("default-src 'none'; script-src %s; style-src %s; connect-src %s; font-src %s;"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .formatted(here, here, origin(URI.create(socket)), here);
  }

  private static String origin(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority();
  }

  private static String noPage(String title, String text) {
    return NO_PAGE.formatted(HtmlUtils.htmlEscape(title), HtmlUtils.htmlEscape(text));
  }

  private static void write(HttpServletResponse response, int status, String policy, String html)
      throws IOException {
    byte[] body = html.getBytes(UTF_8);
    response.setStatus(status);
    response.setContentType("text/html;charset=utf-8");
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
