package io.podyard.controlplane.budget;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Somebody who is told, and answers as a test has it. */
public final class Hook implements AutoCloseable {

  /** What it was told once. */
  public record Told(String delivery, String timestamp, String signature, String body) {}

  /** How it answers. */
  public enum Mood {
    TAKES,
    FAILS,
    REDIRECTS,
    HANGS
  }

  private final HttpServer server;
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final List<String> elsewhere = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Mood mood;

  public Hook(Mood mood) {
    this.mood = mood;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hook", this::answer);
    server.createContext(
        "/elsewhere",
        exchange -> {
          elsewhere.add("told");
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      told.add(
          new Told(
              exchange.getRequestHeaders().getFirst("X-Podyard-Delivery"),
              exchange.getRequestHeaders().getFirst("X-Podyard-Timestamp"),
              exchange.getRequestHeaders().getFirst("X-Podyard-Signature"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      switch (mood) {
        case TAKES -> exchange.sendResponseHeaders(204, -1);
        case FAILS -> exchange.sendResponseHeaders(500, -1);
        case REDIRECTS -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        }
        case HANGS -> over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public void becomes(Mood other) {
    mood = other;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?by=podyard";
  }

  public List<Told> told() {
    return List.copyOf(told);
  }

  /** How often somebody followed it to where it sent them. */
  public int followed() {
    return elsewhere.size();
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
