package io.podyard.controlplane.runtimes;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.LogArchive;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** For who looks at an engine without driving it: has no logs, and removes none. */
enum LookingOnly implements LogArchive {
  INSTANCE;

  @Override
  public <X extends Exception> void keep(ContainerName name, Text<X> text) throws IOException {
    throw refusal();
  }

  @Override
  public Optional<InputStream> read(ContainerName name) throws IOException {
    throw refusal();
  }

  @Override
  public List<Integer> attempts(
      InstallationId installation, ContainerGroupId group, String container) throws IOException {
    throw refusal();
  }

  @Override
  public void forget(InstallationId installation, ContainerGroupId group) throws IOException {
    throw refusal();
  }

  private static IOException refusal() {
    return new IOException("this process only looks at the engine and has no logs");
  }
}
