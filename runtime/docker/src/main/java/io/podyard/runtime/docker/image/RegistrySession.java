package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.http.Trouble;
import io.podyard.runtime.docker.web.BackOff;
import io.podyard.runtime.docker.web.Busy;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.SentBody;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One fetch's or push's talk with one repository: logs in when asked to, and asks again after a
 * pause when the registry is busy or out of order. Several threads may use it.
 */
final class RegistrySession {

  private static final int LARGEST_MANIFEST = 4 << 20;

  private final RegistryHttp http;
  private final RegistryAccess access;
  private final FetchTime time;
  private final String actions;
  private final Object loginLock = new Object();
  private volatile String authorization = "";

  RegistrySession(RegistryHttp http, RegistryAccess access, FetchTime time) {
    this(http, access, time, "pull");
  }

  /**
   * @param actions what a login is for, where the registry does not say itself
   */
  RegistrySession(RegistryHttp http, RegistryAccess access, FetchTime time, String actions) {
    this.actions = actions;
    this.http = http;
    this.access = access;
    this.time = time;
  }

  RegistryAccess access() {
    return access;
  }

  /**
   * @param digest of the bytes, checked
   * @param kept as it was sent
   */
  record ManifestAnswer(String digest, Manifest manifest, KeptManifest kept) {}

  /** What the registry says the digest of a manifest is; empty if it does not say. */
  Optional<String> digestOf(String target) throws FetchFailure, InterruptedException {
    return asking(
        "manifest " + target,
        () -> {
          try (Answer answer = manifestAnswer("HEAD", target)) {
            String digest = answer.first("Docker-Content-Digest");
            return answer.status() == 200 && Digest.isValid(digest)
                ? Optional.of(digest)
                : Optional.<String>empty();
          }
        });
  }

  ManifestAnswer manifest(String target) throws FetchFailure, InterruptedException {
    return asking(
        "manifest " + target,
        () -> {
          try (Answer answer = manifestAnswer("GET", target)) {
            byte[] body = RegistryJson.read(answer.body(), LARGEST_MANIFEST);
            if (answer.status() != 200) {
              throw refused("manifest " + target, answer.status(), body);
            }
            return checked(target, answer, body);
          }
        });
  }

  private ManifestAnswer checked(String target, Answer answer, byte[] body) throws FetchFailure {
    String said = answer.first("Docker-Content-Digest");
    String expected = Digest.isValid(target) ? target : Digest.isValid(said) ? said : "";
    if (!expected.isEmpty() && !Digest.matches(expected, body)) {
      throw FetchFailure.pull(
          "the manifest that registry " + access.host() + " sent is not the one of " + expected);
    }
    String digest = expected.isEmpty() ? Digest.sha256(body) : expected;
    KeptManifest kept = new KeptManifest(body, answer.first("Content-Type"));
    return new ManifestAnswer(digest, kept.parsed(), kept);
  }

  private Answer manifestAnswer(String method, String target)
      throws FetchFailure, IOException, InterruptedException {
    return send(method, access.uri("/manifests/" + target), Map.of("Accept", Manifest.ACCEPT));
  }

  /**
   * Opens a blob, or the part of it that the headers name.
   *
   * @throws IOException if it is worth another try
   */
  Answer blob(String digest, Map<String, String> headers)
      throws FetchFailure, IOException, InterruptedException {
    return send("GET", access.uri("/blobs/" + digest), headers);
  }

  private Answer send(String method, URI uri, Map<String, String> headers)
      throws FetchFailure, IOException, InterruptedException {
    return send(method, uri, headers, null);
  }

  /**
   * Asks the registry itself, or, without a login, a server it names.
   *
   * @throws IOException if it is worth another try
   */
  Answer send(String method, URI uri, Map<String, String> headers, @Nullable SentBody body)
      throws FetchFailure, IOException, InterruptedException {
    if (!GuardedHttp.sameServer(access.uri("/"), uri)) {
      return usable(http.send(access, time, method, uri, headers, "", body));
    }
    String used = authorization;
    Answer answer = http.send(access, time, method, uri, headers, used, body);
    if (answer.status() != 401) {
      return usable(answer);
    }
    List<Challenge> challenges = Challenge.parse(answer.all("WWW-Authenticate"));
    answer.close();
    return usable(http.send(access, time, method, uri, headers, login(challenges, used), body));
  }

  private static Answer usable(Answer answer) throws IOException {
    if (Busy.is(answer)) {
      try (answer) {
        throw RegistryJson.busy(answer);
      }
    }
    return answer;
  }

  /** Threads that were refused at the same time log in once. */
  private String login(List<Challenge> challenges, String used)
      throws FetchFailure, IOException, InterruptedException {
    synchronized (loginLock) {
      if (authorization.equals(used)) {
        authorization = new RegistryLogin(http, access, time, actions).answer(challenges);
      }
      return authorization;
    }
  }

  FetchFailure refused(String what, int status, byte[] body) {
    String word =
        switch (status) {
          case 401 -> "401 unauthorized";
          case 403 -> "403 forbidden";
          case 404 -> "404 not found";
          default -> String.valueOf(status);
        };
    return FetchFailure.pull(
        "registry "
            + access.host()
            + " answered "
            + word
            + " for "
            + what
            + " of "
            + access.repository()
            + RegistryJson.errors(body));
  }

  interface Question<T> {
    T ask() throws FetchFailure, IOException, InterruptedException;
  }

  <T> T asking(String what, Question<T> question) throws FetchFailure, InterruptedException {
    for (int failures = 1; ; failures++) {
      time.check();
      try {
        return question.ask();
      } catch (IOException e) {
        pauseAfter(failures, what, e);
      }
    }
  }

  /**
   * Waits before the next attempt.
   *
   * @param failures so far, 1 or more
   * @throws FetchFailure if there is to be none
   */
  void pauseAfter(int failures, String what, IOException trouble)
      throws FetchFailure, InterruptedException {
    time.check();
    Optional<Duration> pause = http.backOff().after(failures, trouble);
    if (pause.isEmpty()) {
      FetchFailure failure =
          new FetchFailure(
              FetchFailure.PULL,
              "registry "
                  + access.host()
                  + " failed with "
                  + what
                  + " of "
                  + access.repository()
                  + ": "
                  + Trouble.words(trouble),
              BackOff.wishedSeconds(trouble));
      failure.initCause(trouble);
      throw failure;
    }
    time.pause(pause.get());
  }
}
