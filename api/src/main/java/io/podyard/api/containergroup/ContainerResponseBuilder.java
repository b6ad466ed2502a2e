package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link ContainerResponse}; what is never named stays absent. */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class ContainerResponseBuilder {

  private List<String> args = List.of();
  private List<String> commands = List.of();
  private @Nullable BigDecimal cpu;
  private @Nullable ContainerStateResponse currentState;
  private List<EnvironmentVarResponse> environmentVars = List.of();
  private @Nullable Integer gpu;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private @Nullable ProbeResponse livenessProbe;
  private @Nullable BigDecimal memory;
  private @Nullable String name;
  private List<PortResponse> ports = List.of();
  private @Nullable ContainerStateResponse previousState;
  private @Nullable ProbeResponse readinessProbe;
  private @Nullable Boolean ready;
  private @Nullable Integer restartCount;
  private @Nullable SecurityContextResponse securityContext;
  private @Nullable Boolean stdin;
  private @Nullable Boolean stdinOnce;
  private @Nullable Boolean tty;
  private List<VolumeMountResponse> volumeMounts = List.of();
  private @Nullable String workingDir;

  ContainerResponseBuilder() {}

  public ContainerResponseBuilder args(List<String> value) {
    this.args = value;
    return this;
  }

  public ContainerResponseBuilder commands(List<String> value) {
    this.commands = value;
    return this;
  }

  public ContainerResponseBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public ContainerResponseBuilder currentState(@Nullable ContainerStateResponse value) {
    this.currentState = value;
    return this;
  }

  public ContainerResponseBuilder environmentVars(List<EnvironmentVarResponse> value) {
    this.environmentVars = value;
    return this;
  }

  public ContainerResponseBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
    return this;
  }

  public ContainerResponseBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public ContainerResponseBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public ContainerResponseBuilder livenessProbe(@Nullable ProbeResponse value) {
    this.livenessProbe = value;
    return this;
  }

  public ContainerResponseBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public ContainerResponseBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public ContainerResponseBuilder ports(List<PortResponse> value) {
    this.ports = value;
    return this;
  }

  public ContainerResponseBuilder previousState(@Nullable ContainerStateResponse value) {
    this.previousState = value;
    return this;
  }

  public ContainerResponseBuilder readinessProbe(@Nullable ProbeResponse value) {
    this.readinessProbe = value;
    return this;
  }

  public ContainerResponseBuilder ready(@Nullable Boolean value) {
    this.ready = value;
    return this;
  }

  public ContainerResponseBuilder restartCount(@Nullable Integer value) {
    this.restartCount = value;
    return this;
  }

  public ContainerResponseBuilder securityContext(@Nullable SecurityContextResponse value) {
    this.securityContext = value;
    return this;
  }

  public ContainerResponseBuilder stdin(@Nullable Boolean value) {
    this.stdin = value;
    return this;
  }

  public ContainerResponseBuilder stdinOnce(@Nullable Boolean value) {
    this.stdinOnce = value;
    return this;
  }

  public ContainerResponseBuilder tty(@Nullable Boolean value) {
    this.tty = value;
    return this;
  }

  public ContainerResponseBuilder volumeMounts(List<VolumeMountResponse> value) {
    this.volumeMounts = value;
    return this;
  }

  public ContainerResponseBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public ContainerResponse build() {
    return new ContainerResponse(
        args,
        commands,
        cpu,
        currentState,
        environmentVars,
        gpu,
        image,
        imagePullPolicy,
        livenessProbe,
        memory,
        name,
        ports,
        previousState,
        readinessProbe,
        ready,
        restartCount,
        securityContext,
        stdin,
        stdinOnce,
        tty,
        volumeMounts,
        workingDir);
  }
}
