package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx:latest",
    "nginx:1.25, docker.io/library/nginx:1.25",
    "bitnami/redis, docker.io/bitnami/redis:latest",
    "docker.io/nginx, docker.io/library/nginx:latest",
    "index.docker.io/library/nginx, docker.io/library/nginx:latest",
    "registry-1.docker.io/nginx:1, docker.io/library/nginx:1",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app:2, localhost:5000/app:2",
    "127.0.0.1:5000/a/b/c:x_Y.z-1, 127.0.0.1:5000/a/b/c:x_Y.z-1",
    "registry.example.com/team/app, registry.example.com/team/app:latest",
    "[::1]:5000/app:1, [::1]:5000/app:1",
    "a__b/c-d.e--f, docker.io/a__b/c-d.e--f:latest",
  })
  void shortNamesAreReadAsDockerReadsThem(String text, String full) throws Exception {
    assertThat(ImageReference.parse(text)).hasToString(full);
  }

  @Test
  void aDigestStandsForItself() throws Exception {
    ImageReference plain = ImageReference.parse("nginx@" + DIGEST);
    assertThat(plain).hasToString("docker.io/library/nginx@" + DIGEST);
    assertThat(plain.target()).isEqualTo(DIGEST);
    assertThat(ImageReference.parse("nginx:1.25@" + DIGEST).target()).isEqualTo(DIGEST);
    assertThat(ImageReference.parse("nginx:1.25").target()).isEqualTo("1.25");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "Nginx",
        "nginx:",
        "nginx:-1",
        "nginx:a/b:c d",
        "nginx@sha256:12",
        "nginx@md5:0123",
        "a//b",
        "a/_b",
        "a/b_",
        "a/b...c",
        "a b",
        "reg istry.example.com/app",
        "registry.example.com:port/app",
        "../../etc/passwd",
        "a/../b",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "podyard.local/image:1",
        "podyard.local:80/image:1",
      })
  void badNamesAreRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOfSatisfying(
            FetchFailure.class, e -> assertThat(e.reason()).isEqualTo("InvalidImageName"));
  }

  @Test
  void overlongNamesAreRefused() throws Exception {
    String longest = "a".repeat(255 - "docker.io/x/".length());
    assertThat(ImageReference.parse("x/" + longest).repository()).hasSize(longest.length() + 2);
    assertThatThrownBy(() -> ImageReference.parse("x/a" + longest))
        .hasMessageContaining("longer than 255");
  }
}
