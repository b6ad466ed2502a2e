package io.podyard.bench;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/** The group that is created over and over: one container that sleeps, 0.25 vCPU, 0.5 GiB. */
public final class SmallGroup {

  /** On a Docker Engine this is the image that Podyard brings along, so it is always there. */
  public static final String IMAGE = "podyard/tiny:1";

  private SmallGroup() {}

  /** A request for one more, with a client token of its own. */
  public static CreateContainerGroupRequest request() {
    return CreateContainerGroupRequest.builder()
        .containerGroupName("bench")
        .clientToken(UUID.randomUUID().toString())
        .cpu(new BigDecimal("0.25"))
        .memory(new BigDecimal("0.5"))
        .container(
            List.of(
                ContainerRequest.builder()
                    .name("one")
                    .image(IMAGE)
                    .command(List.of("sleep", "36000"))
                    .build()))
        .build();
  }
}
