package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengeTest {

  @Test
  void theUsualOneIsRead() {
    List<Challenge> challenges =
        Challenge.parse(
            List.of(
                "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                    + "scope=\"repository:library/nginx:pull,push\""));

    assertThat(challenges).hasSize(1);
    assertThat(challenges.getFirst().scheme()).isEqualTo("bearer");
    assertThat(challenges.getFirst().parameter("realm")).isEqualTo("https://auth.docker.io/token");
    assertThat(challenges.getFirst().parameter("Service")).isEqualTo("registry.docker.io");
    assertThat(challenges.getFirst().parameter("scope"))
        .isEqualTo("repository:library/nginx:pull,push");
  }

  @Test
  void severalMayStandInOneHeaderOrInSeveral() {
    List<Challenge> one =
        Challenge.parse(List.of("Basic realm=\"a \\\"b\\\"\", Bearer realm=x, service=y"));
    List<Challenge> several = Challenge.parse(List.of("Basic realm=\"a\"", "Bearer realm=x"));

    assertThat(one).extracting(Challenge::scheme).containsExactly("basic", "bearer");
    assertThat(one.get(0).parameter("realm")).isEqualTo("a \"b\"");
    assertThat(one.get(1).parameter("service")).isEqualTo("y");
    assertThat(several).extracting(Challenge::scheme).containsExactly("basic", "bearer");
  }

  @Test
  void nonsenseEndsAndHasNoParameters() {
    assertThat(Challenge.parse(List.of("", " , ", "=", "\""))).isEmpty();
    assertThat(Challenge.parse(List.of("Bearer realm=\"unfinished")))
        .singleElement()
        .satisfies(c -> assertThat(c.parameter("realm")).isEqualTo("unfinished"));
    assertThat(Challenge.parse(List.of("Negotiate")).getFirst().parameter("realm")).isEmpty();
  }
}
