package io.podyard.controlplane.door.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.HttpRequestHandler;

/**
 * The page that shows what an account pays. There is nothing in it that is anybody's: its script
 * asks {@code /v1} with the key that a person enters, and keeps that nowhere.
 */
final class CostPage implements HttpRequestHandler {

  static final String PATH = "/costs";

  /** Its own script, styles and server, and nothing from or in anybody else's page. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final byte[] PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Costs - Podyard</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="costs.css">
      <script defer src="costs.js"></script>
      </head>
      <body>
      <header>
      <h1>Costs</h1>
      <p id="who" hidden><span id="account"></span> <button id="leave" type="button">Leave</button></p>
      </header>
      <main>
      <form id="login" autocomplete="on">
      <p>Enter an access key to see what its account pays. The key stays in this page.</p>
      <label>Access key id
      <input id="key" name="username" autocomplete="username" required spellcheck="false"></label>
      <label>Secret
      <input id="secret" name="password" type="password" autocomplete="current-password" required></label>
      <button type="submit">Show costs</button>
      </form>
      <form id="asked" hidden>
      <label>From <input id="from" type="date" required></label>
      <label>To <input id="to" type="date" required></label>
      <label>By <select id="by">
      <option value="day">day</option>
      <option value="item">item</option>
      <option value="group">container group</option>
      <option value="image-cache">image cache</option>
      <option value="data-cache">data cache</option>
      <option value="zone">zone</option>
      <option value="tag">tag</option>
      </select></label>
      <label id="of-tag" hidden>Tag <input id="tag" maxlength="128" spellcheck="false"></label>
      <label>Account <input id="of-account" placeholder="my own" spellcheck="false"></label>
      <button type="submit">Show</button>
      </form>
      <p id="state" role="status"></p>
      <div id="costs"></div>
      <form id="files" hidden>
      <label>Bill of <select id="month"></select></label>
      <button type="button" id="lines">Lines (CSV)</button>
      <button type="button" id="focus">FOCUS 1.2 (CSV)</button>
      <span id="progress" role="status"></span>
      </form>
      </main>
      <noscript>This page needs JavaScript. GET /v1/costs answers the same as JSON.</noscript>
      </body>
      </html>
      """
          .getBytes(UTF_8);

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("X-Content-Type-Options", "nosniff");
    boolean head = request.getMethod().equals("HEAD");
    if (!head && !request.getMethod().equals("GET")) {
      response.setHeader("Allow", "GET, HEAD");
      response.setStatus(405);
      return;
    }
    if (request.getRequestURI().endsWith(PATH)) {
      // Relative, so that it holds behind whatever is in front of the server.
      response.setHeader("Location", PATH.substring(1) + "/");
      response.setStatus(308);
      return;
    }
    response.setContentType("text/html;charset=utf-8");
    response.setHeader("Cache-Control", "no-cache");
    response.setContentLength(PAGE.length);
    if (!head) {
      response.getOutputStream().write(PAGE);
    }
  }
}
