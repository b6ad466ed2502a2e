package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.fail;

import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, driven by its own debugging protocol. */
final class Chromium implements AutoCloseable {

  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket page;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

  Chromium(Path program) throws IOException {
    this.folder = Files.createTempDirectory("podyard-chromium");
    this.process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "--headless=new",
                    // Tests run as root in containers, where its own sandbox cannot.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--no-proxy-server",
                    "--window-size=1280,1600",
                    "--user-data-dir=" + folder,
                    "--remote-debugging-port=0",
                    "about:blank"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Path portFile = folder.resolve("DevToolsActivePort");
    Waiting.until(
        "Chromium listens",
        () -> {
          if (!process.isAlive()) {
            fail("Chromium ended: %s", read(folder.resolve("log")));
          }
          return Files.exists(portFile) && read(portFile).lines().count() > 1;
        });
    int port = Integer.parseInt(read(portFile).lines().findFirst().orElseThrow());
    this.page =
        http.newWebSocketBuilder()
            .buildAsync(pageAddress(port), new Listener())
            .orTimeout(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS)
            .join();
    call("Page.enable", Map.of());
  }

  private URI pageAddress(int port) throws IOException {
    try {
      HttpResponse<String> list =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
              HttpResponse.BodyHandlers.ofString());
      for (JsonNode target : JSON.readTree(list.body())) {
        if (target.path("type").asString().equals("page")) {
          return URI.create(target.path("webSocketDebuggerUrl").asString());
        }
      }
      throw new IOException("Chromium has no page: " + list.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method of the protocol and waits for its result. */
  JsonNode call(String method, Map<String, ?> parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    page.sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode message = answer.orTimeout(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS).join();
    if (message.has("error")) {
      fail("%s: %s", method, message.path("error"));
    }
    return message.path("result");
  }

  void open(URI address) {
    call("Page.navigate", Map.of("url", address.toString()));
  }

  /** The value of a JavaScript expression. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      fail("%s: %s", expression, result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until the page has something that the CSS selector finds. */
  void await(String selector) {
    awaitTrue(
        selector + " is on the page",
        "document.querySelector(%s) !== null".formatted(quoted(selector)));
  }

  /** Waits until a JavaScript expression is true. */
  void awaitTrue(String what, String expression) {
    try {
      Waiting.until(what, () -> evaluate(expression).asBoolean());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ":\n" + evaluate("document.body.innerText"), e);
    }
  }

  void click(String selector) {
    await(selector);
    evaluate("document.querySelector(%s).click()".formatted(quoted(selector)));
  }

  /** Types as a user would, so that the page notices. */
  void type(String selector, String text) {
    await(selector);
    evaluate("document.querySelector(%s).focus()".formatted(quoted(selector)));
    call("Input.insertText", Map.of("text", text));
  }

  /** Presses the keys of a text one by one, for pages that listen to keys. */
  void press(String selector, String keys) {
    await(selector);
    evaluate("document.querySelector(%s).focus()".formatted(quoted(selector)));
    for (char c : keys.toCharArray()) {
      boolean enter = c == '\r';
      Map<String, Object> key =
          Map.of(
              "type",
              "keyDown",
              "text",
              String.valueOf(c),
              "key",
              enter ? "Enter" : String.valueOf(c),
              "windowsVirtualKeyCode",
              enter ? 13 : 0);
      call("Input.dispatchKeyEvent", key);
      Map<String, Object> up = new HashMap<>(key);
      up.put("type", "keyUp");
      up.remove("text");
      call("Input.dispatchKeyEvent", up);
    }
  }

  /** The text that the first match shows. */
  String text(String selector) {
    await(selector);
    return evaluate("document.querySelector(%s).innerText".formatted(quoted(selector))).asString();
  }

  void screenshot(Path file) {
    byte[] png =
        Base64.getDecoder()
            .decode(
                call("Page.captureScreenshot", Map.of("format", "png")).path("data").asString());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }

  @Override
  public void close() {
    page.abort();
    http.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
      Waiting.until("the browser's folder is gone", this::deleteFolder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Some process of the browser may still write while it ends. */
  private boolean deleteFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      return !Files.exists(folder);
    }
  }

  /** Puts messages together and hands answers to those who wait. */
  private final class Listener implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JsonNode node = JSON.readTree(message.toString());
        message.setLength(0);
        CompletableFuture<JsonNode> waiting = answers.remove(node.path("id").asInt(-1));
        if (waiting != null) {
          waiting.complete(node);
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
