package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.BackOff;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.Peer;
import io.podyard.runtime.docker.web.SentBody;
import io.podyard.runtime.docker.web.WebRefusal;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Registries as servers that are asked with care. */
final class RegistryHttp implements AutoCloseable {

  private static final int MOST_REDIRECTS = 5;

  private final GuardedHttp http;
  private final BackOff backOff;

  RegistryHttp(FetchLimits limits, RandomGenerator random) {
    this.backOff =
        new BackOff(limits.attempts(), limits.firstPause(), limits.longestPause(), random);
    this.http =
        new GuardedHttp(new GuardedHttp.Times(limits.connect(), limits.answer(), limits.stall()));
  }

  BackOff backOff() {
    return backOff;
  }

  /**
   * @param time after which nothing more is read of the answer
   * @param authorization for the first host only; empty for none
   * @param body sent again with each redirect; null for none
   */
  Answer send(
      RegistryAccess access,
      FetchTime time,
      String method,
      URI first,
      Map<String, String> headers,
      String authorization,
      @Nullable SentBody body)
      throws FetchFailure, IOException, InterruptedException {
    try {
      Answer answer = http.send(peer(access), method, first, headers, authorization, body);
      return new Answer(
          answer.status(), answer.headers(), new TimedBody(answer.body(), time), answer.uri());
    } catch (WebRefusal e) {
      throw FetchFailure.pull(e.words(), e);
    }
  }

  static URI target(RegistryAccess access, URI from, String location) throws FetchFailure {
    try {
      return GuardedHttp.target(peer(access), from, location);
    } catch (WebRefusal e) {
      throw FetchFailure.pull(e.words(), e);
    }
  }

  private static Peer peer(RegistryAccess access) {
    return new Peer(
        "the registry " + access.host(),
        RegistryAccess.isLoopback(access.host()),
        access.plain(),
        access.verified(),
        MOST_REDIRECTS);
  }

  @Override
  public void close() {
    http.close();
  }
}
