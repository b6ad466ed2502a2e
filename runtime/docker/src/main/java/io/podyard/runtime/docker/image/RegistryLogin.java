package io.podyard.runtime.docker.image;

import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.docker.web.Busy;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Turns a registry's challenge into what is to be sent as {@code Authorization}. */
final class RegistryLogin {

  private static final int LARGEST_TOKEN = 1 << 20;

  private final RegistryHttp http;
  private final RegistryAccess access;
  private final FetchTime time;
  private final String actions;

  /**
   * @param actions asked for where the registry does not say itself: {@code pull}, or {@code
   *     pull,push}
   */
  RegistryLogin(RegistryHttp http, RegistryAccess access, FetchTime time, String actions) {
    this.http = http;
    this.access = access;
    this.time = time;
    this.actions = actions;
  }

  /**
   * @throws FetchFailure if the registry offers no way that can be gone, or refuses the login
   */
  String answer(List<Challenge> challenges) throws FetchFailure, IOException, InterruptedException {
    Optional<Challenge> bearer = find(challenges, "bearer");
    if (bearer.isPresent()) {
      return "Bearer " + token(bearer.get());
    }
    RegistryCredential credential = access.credential();
    if (find(challenges, "basic").isPresent() && credential != null) {
      return basic(credential);
    }
    throw FetchFailure.pull(
        "the registry "
            + access.host()
            + " wants a login for "
            + access.repository()
            + (credential == null
                ? ", and none was given (401 unauthorized)"
                : " of another kind"));
  }

  private static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(c -> c.scheme().equals(scheme)).findFirst();
  }

  private static String basic(RegistryCredential credential) {
    String pair = credential.userName() + ":" + credential.password().reveal();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private String token(Challenge challenge) throws FetchFailure, IOException, InterruptedException {
    RegistryCredential credential = access.credential();
    String authorization = credential == null ? "" : basic(credential);
    try (Answer answer =
        http.send(
            access,
            time,
            "GET",
            tokenUri(challenge),
            Map.of("Accept", "application/json"),
            authorization,
            null)) {
      if (Busy.is(answer)) {
        throw RegistryJson.busy(answer);
      }
      byte[] body = RegistryJson.read(answer.body(), LARGEST_TOKEN);
      if (answer.status() != 200) {
        throw FetchFailure.pull(
            "the login service of registry "
                + access.host()
                + " refused with "
                + answer.status()
                + RegistryJson.errors(body));
      }
      JsonNode json = RegistryJson.parse(body);
      String token = json.path("token").asString(json.path("access_token").asString(""));
      if (token.isEmpty()) {
        throw FetchFailure.pull(
            "the login service of registry " + access.host() + " answered without a token");
      }
      return token;
    }
  }

  private URI tokenUri(Challenge challenge) throws FetchFailure {
    String realm = challenge.parameter("realm");
    try {
      URI base = URI.create(realm);
      boolean web =
          "https".equals(base.getScheme()) || ("http".equals(base.getScheme()) && access.plain());
      if (!web || base.getHost() == null) {
        throw FetchFailure.pull(
            "the registry " + access.host() + " sends logins to " + realm + ", which is not used");
      }
      String scope = challenge.parameter("scope");
      if (scope.isEmpty()) {
        scope = "repository:" + access.repository() + ":" + actions;
      }
      StringBuilder uri = new StringBuilder(realm);
      uri.append(base.getRawQuery() == null ? '?' : '&').append("scope=").append(encode(scope));
      if (!challenge.parameter("service").isEmpty()) {
        uri.append("&service=").append(encode(challenge.parameter("service")));
      }
      return URI.create(uri.toString());
    } catch (IllegalArgumentException e) {
      throw FetchFailure.pull("the registry " + access.host() + " names no login service", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
