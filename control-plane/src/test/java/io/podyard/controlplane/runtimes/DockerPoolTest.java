package io.podyard.controlplane.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class DockerPoolTest {

  @Test
  void aHostIsCalledByTheAddressOfItsEngine() {
    assertThat(DockerPool.hostId(URI.create("unix:///var/run/docker.sock")).value())
        .isEqualTo("docker-unix-var-run-docker.sock");
  }

  @Test
  void longAddressesThatBeginAlikeAreDifferentHosts() {
    String long1 = "unix:///" + "a/long/folder/".repeat(8) + "one.sock";
    String long2 = "unix:///" + "a/long/folder/".repeat(8) + "two.sock";

    assertThat(DockerPool.hostId(URI.create(long1)).value())
        .hasSize(63)
        .isNotEqualTo(DockerPool.hostId(URI.create(long2)).value());
  }
}
