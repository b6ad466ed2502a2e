package io.podyard.runtime;

import io.podyard.model.Size;
import java.util.List;
import java.util.Objects;
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
 * @param runAsGroup numeric group id, null for the image's own
 * @param runAsNonRoot whether it is refused if it would run as user 0
 * @param role what it is to the group; an init container is always normal
 * @param ignoreExitCode whether a bad end counts as a good one
 * @param revision of this part of the spec; what was made from another one is made anew
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
    List<String> addedCapabilities,
    @Nullable Long runAsGroup,
    boolean runAsNonRoot,
    Lifecycle lifecycle,
    Terminal terminal,
    TerminationMessage terminationMessage,
    ContainerRole role,
    boolean ignoreExitCode,
    long revision) {

  public ContainerSpec {
    command = List.copyOf(command);
    args = List.copyOf(args);
    environment = List.copyOf(environment);
    ports = List.copyOf(ports);
    mounts = List.copyOf(mounts);
    addedCapabilities = List.copyOf(addedCapabilities);
    // Rows of earlier releases do not have these.
    lifecycle = Objects.requireNonNullElse(lifecycle, Lifecycle.NONE);
    terminal = Objects.requireNonNullElse(terminal, Terminal.NONE);
    terminationMessage = Objects.requireNonNullElse(terminationMessage, TerminationMessage.DEFAULT);
    role = Objects.requireNonNullElse(role, ContainerRole.NORMAL);
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
        List.of(),
        null,
        false,
        Lifecycle.NONE,
        Terminal.NONE,
        TerminationMessage.DEFAULT,
        ContainerRole.NORMAL,
        false,
        0);
  }

  /** The same with another pull policy. */
  public ContainerSpec with(PullPolicy other) {
    return new ContainerSpec(
        name,
        image,
        other,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        role,
        ignoreExitCode,
        revision);
  }

  /** The same with other probes and hooks. */
  public ContainerSpec with(Lifecycle other) {
    return new ContainerSpec(
        name,
        image,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        other,
        terminal,
        terminationMessage,
        role,
        ignoreExitCode,
        revision);
  }

  /** The same in another role. */
  public ContainerSpec with(ContainerRole other) {
    return new ContainerSpec(
        name,
        image,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        other,
        ignoreExitCode,
        revision);
  }

  /** The same, a bad end of which counts as a good one. */
  public ContainerSpec ignoringExitCode() {
    return new ContainerSpec(
        name,
        image,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        role,
        true,
        revision);
  }

  /** The same of another image. */
  public ContainerSpec withImage(String other) {
    return new ContainerSpec(
        name,
        other,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        role,
        ignoreExitCode,
        revision);
  }

  /** The same, to be made anew if what runs is of another revision. */
  public ContainerSpec withRevision(long other) {
    return new ContainerSpec(
        name,
        image,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        mounts,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        role,
        ignoreExitCode,
        other);
  }

  /** The same with other mounts. */
  public ContainerSpec withMounts(List<VolumeMount> others) {
    return new ContainerSpec(
        name,
        image,
        pullPolicy,
        size,
        command,
        args,
        workingDir,
        environment,
        hideEnvironment,
        ports,
        others,
        runAsUser,
        readOnlyRootFilesystem,
        addedCapabilities,
        runAsGroup,
        runAsNonRoot,
        lifecycle,
        terminal,
        terminationMessage,
        role,
        ignoreExitCode,
        revision);
  }
}
