package io.podyard.runtime;

import io.podyard.model.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container as it is wanted.
 *
 * @param name unique in the group, init containers included
 * @param size its own limit; null if it may use all of the group's
 * @param command replaces the image's entry point unless empty
 * @param args replaces the image's arguments unless empty
 * @param workingDir null for the image's own
 * @param hideEnvironment whether answers leave out the values of its environment
 * @param runAsUser numeric user id, null for the image's own
 * @param addedCapabilities Linux capabilities beyond the few that every container has
 */
public record ContainerSpec(
    String name,
    String image,
    PullPolicy pullPolicy,
    @Nullable Size size,
    List<String> command,
    List<String> args,
    @Nullable String workingDir,
    List<EnvironmentVariable> environment,
    boolean hideEnvironment,
    List<ContainerPort> ports,
    List<VolumeMount> mounts,
    @Nullable Long runAsUser,
    boolean readOnlyRootFilesystem,
    List<String> addedCapabilities) {

  public ContainerSpec {
    command = List.copyOf(command);
    args = List.copyOf(args);
    environment = List.copyOf(environment);
    ports = List.copyOf(ports);
    mounts = List.copyOf(mounts);
    addedCapabilities = List.copyOf(addedCapabilities);
  }

  /** A container of an image and a command, everything else as it is by default. */
  public static ContainerSpec of(String name, String image, String... command) {
    return new ContainerSpec(
        name,
        image,
        PullPolicy.IF_NOT_PRESENT,
        null,
        List.of(command),
        List.of(),
        null,
        List.of(),
        false,
        List.of(),
        List.of(),
        null,
        false,
        List.of());
  }
}
