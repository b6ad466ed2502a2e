package io.podyard.runtime.docker.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP with deadlines and bounded redirects. A login goes only to the host it was meant for,
 * never along with a redirect to another.
 */
public final class GuardedHttp implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Times times;
  private final HttpClient verifying;
  private final HttpClient believing;
  private final ScheduledThreadPoolExecutor clock;

  /**
   * @param connect to make a connection
   * @param answer from a request to the head of its answer
   * @param stall without a byte of a body
   */
  public record Times(Duration connect, Duration answer, Duration stall) {}

  public GuardedHttp(Times times) {
    this.times = times;
    this.verifying = client(times).build();
    this.believing = client(times).sslContext(AnyCertificate.context()).build();
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("podyard-fetch-watch").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  private static HttpClient.Builder client(Times times) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(times.connect());
  }

  /**
   * @param body fails when nothing comes for too long; to be closed
   * @param uri where the answer came from in the end
   */
  public record Answer(int status, Map<String, List<String>> headers, InputStream body, URI uri)
      implements AutoCloseable {

    public List<String> all(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    public String first(String name) {
      List<String> values = all(name);
      return values.isEmpty() ? "" : values.getFirst();
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        System.getLogger(GuardedHttp.class.getName())
            .log(System.Logger.Level.DEBUG, "closing an answer", e);
      }
    }
  }

  /**
   * @param authorization for the first host only; empty for none
   * @param body sent again with each redirect; null for none
   */
  public Answer send(
      Peer peer,
      String method,
      URI first,
      Map<String, String> headers,
      String authorization,
      @Nullable SentBody body)
      throws WebRefusal, IOException, InterruptedException {
    URI uri = first;
    for (int hops = 0; hops <= peer.redirects(); hops++) {
      AddressGuard.check(peer.name(), uri, peer.loopback());
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .method(
                  method, body == null ? HttpRequest.BodyPublishers.noBody() : body.publisher());
      headers.forEach(request::header);
      request.header("User-Agent", "podyard");
      if (!authorization.isEmpty() && sameServer(first, uri)) {
        request.header("Authorization", authorization);
      }
      HttpResponse<InputStream> response = exchange(peer, request.build(), body);
      String location = response.headers().firstValue("Location").orElse("");
      if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
        return new Answer(
            response.statusCode(),
            response.headers().map(),
            new WatchedBody(response.body(), times.stall(), clock),
            uri);
      }
      response.body().close();
      uri = target(peer, uri, location);
    }
    throw new WebRefusal(
        peer.redirects() == 0
            ? peer.name() + " redirects to " + uri.getHost() + ", which is not followed"
            : peer.name() + " redirects more than " + peer.redirects() + " times");
  }

  private HttpResponse<InputStream> exchange(
      Peer peer, HttpRequest request, @Nullable SentBody body)
      throws IOException, InterruptedException {
    HttpClient client = peer.verified() ? verifying : believing;
    // The request's own timeout means different things in different JDKs; this one is of the head.
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      return answer(answer, body);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + times.answer().toMillis() + " ms", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IOException(String.valueOf(cause), e);
    }
  }

  /** The time for an answer begins anew with every part of the body that is sent. */
  private HttpResponse<InputStream> answer(
      CompletableFuture<HttpResponse<InputStream>> answer, @Nullable SentBody body)
      throws InterruptedException, ExecutionException, TimeoutException {
    long longest = times.answer().toNanos();
    long began = System.nanoTime();
    while (true) {
      long since = body == null ? began : body.movedAt(began);
      long left = longest - (System.nanoTime() - since);
      if (left <= 0) {
        throw new TimeoutException();
      }
      try {
        return answer.get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (body == null) {
          throw e;
        }
      }
    }
  }

  public static URI target(Peer peer, URI from, String location) throws WebRefusal {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new WebRefusal(peer.name() + " redirects to no address", e);
    }
    boolean http = "http".equals(to.getScheme());
    if (!http && !"https".equals(to.getScheme())) {
      throw new WebRefusal(peer.name() + " redirects to no web address");
    }
    if (http && !peer.plain()) {
      throw new WebRefusal(peer.name() + " redirects from https to http, which is not followed");
    }
    return to;
  }

  public static boolean sameServer(URI a, URI b) {
    return a.getScheme().equals(b.getScheme())
        && a.getHost() != null
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    verifying.shutdownNow();
    believing.shutdownNow();
  }
}
