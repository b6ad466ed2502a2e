package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;

/** The deterministic name of one attempt at one container. */
public record ContainerName(
    InstallationId installation, ContainerGroupId group, String container, int attempt) {

  @Override
  public String toString() {
    return installation + "-" + group + "-" + container + "-" + attempt;
  }
}
