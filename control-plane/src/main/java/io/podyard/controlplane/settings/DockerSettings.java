package io.podyard.controlplane.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How groups run on a Docker Engine.
 *
 * @param ociRuntime by its name in the engine, such as {@code runsc}; null for the engine's default
 * @param enginePull whether the engine tries by itself to pull what Podyard could not fetch
 * @param subnets where the networks of accounts and vSwitches get their addresses, divided by
 *     commas: ranges with the prefix of each network, such as {@code 10.200.0.0/13:24}, and {@code
 *     engine} for the engine's own, which come last
 * @param hostReachable whether groups may reach the host they run on
 */
public record DockerSettings(
    @Nullable String ociRuntime,
    @DefaultValue("false") boolean enginePull,
    @DefaultValue("10.200.0.0/13:24,engine") String subnets,
    @DefaultValue("false") boolean hostReachable) {

  public DockerSettings {
    ociRuntime = ociRuntime == null || ociRuntime.isBlank() ? null : ociRuntime.strip();
  }
}
