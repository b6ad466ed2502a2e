package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import io.podyard.runtime.pod.PullOrder;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryAccessTest {

  private static final RegistryCredential HUB =
      new RegistryCredential("index.docker.io", "hub", new Secret("1"));
  private static final RegistryCredential OWN =
      new RegistryCredential("registry.example.com:5000", "own", new Secret("2"));

  private static RegistryAccess access(String image) throws FetchFailure {
    PullOrder order =
        new PullOrder(
            new AccountId("a"),
            new ContainerGroupId("g"),
            image,
            0,
            List.of(HUB, OWN),
            List.of("plain.example.com"),
            List.of("own.example.com:8443"));
    return RegistryAccess.of(ImageReference.parse(image), order);
  }

  @Test
  void theHubHasAnEndpointOfAnotherName() throws Exception {
    assertThat(access("nginx").uri("/manifests/latest"))
        .isEqualTo(URI.create("https://registry-1.docker.io/v2/library/nginx/manifests/latest"));
    assertThat(access("nginx").credential()).isEqualTo(HUB);
  }

  @Test
  void credentialsGoOnlyToTheHostAndPortTheyAreFor() throws Exception {
    assertThat(access("registry.example.com:5000/app").credential()).isEqualTo(OWN);
    assertThat(access("registry.example.com/app").credential()).isNull();
    assertThat(access("registry.example.com.evil.org:5000/app").credential()).isNull();
  }

  @Test
  void tlsIsLeftOutOnlyWhereSaidOrOnThisMachine() throws Exception {
    assertThat(access("plain.example.com/app").uri("/x")).hasScheme("http");
    assertThat(access("plain.example.com:81/app").uri("/x")).hasScheme("https");
    assertThat(access("127.0.0.1:5000/app").uri("/x")).hasScheme("http");
    assertThat(access("127.9.9.9/app").plain()).isTrue();
    assertThat(access("localhost:5000/app").plain()).isTrue();
    assertThat(access("[::1]:5000/app").plain()).isTrue();
    assertThat(access("127.0.0.1.example.com/app").plain()).isFalse();
    assertThat(access("own.example.com:8443/app").verified()).isFalse();
    assertThat(access("own.example.com/app").verified()).isTrue();
  }

  @Test
  void anOriginIsAlsoHowSureOneIsOfIt() throws Exception {
    assertThat(access("own.example.com:8443/app").origin())
        .isEqualTo("unverified://own.example.com:8443/app");
    assertThat(access("own.example.com/app").origin()).isEqualTo("https://own.example.com/app");
    assertThat(access("plain.example.com/app").origin()).isEqualTo("http://plain.example.com/app");
  }
}
