package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link InitContainerResponse}; what is never named stays absent. */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class InitContainerResponseBuilder {

  private List<String> args = List.of();
  private List<String> command = List.of();
  private @Nullable BigDecimal cpu;
  private @Nullable ContainerStateResponse currentState;
  private List<EnvironmentVarResponse> environmentVars = List.of();
  private @Nullable Integer gpu;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private @Nullable BigDecimal memory;
  private @Nullable String name;
  private List<PortResponse> ports = List.of();
  private @Nullable ContainerStateResponse previousState;
  private @Nullable Boolean ready;
  private @Nullable Integer restartCount;
  private @Nullable SecurityContextResponse securityContext;
  private List<VolumeMountResponse> volumeMounts = List.of();
  private @Nullable String workingDir;

  InitContainerResponseBuilder() {}

  public InitContainerResponseBuilder args(List<String> value) {
    this.args = value;
    return this;
  }

  public InitContainerResponseBuilder command(List<String> value) {
    this.command = value;
    return this;
  }

  public InitContainerResponseBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public InitContainerResponseBuilder currentState(@Nullable ContainerStateResponse value) {
    this.currentState = value;
    return this;
  }

  public InitContainerResponseBuilder environmentVars(List<EnvironmentVarResponse> value) {
    this.environmentVars = value;
    return this;
  }

  public InitContainerResponseBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
    return this;
  }

  public InitContainerResponseBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public InitContainerResponseBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public InitContainerResponseBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public InitContainerResponseBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public InitContainerResponseBuilder ports(List<PortResponse> value) {
    this.ports = value;
    return this;
  }

  public InitContainerResponseBuilder previousState(@Nullable ContainerStateResponse value) {
    this.previousState = value;
    return this;
  }

  public InitContainerResponseBuilder ready(@Nullable Boolean value) {
    this.ready = value;
    return this;
  }

  public InitContainerResponseBuilder restartCount(@Nullable Integer value) {
    this.restartCount = value;
    return this;
  }

  public InitContainerResponseBuilder securityContext(@Nullable SecurityContextResponse value) {
    this.securityContext = value;
    return this;
  }

  public InitContainerResponseBuilder volumeMounts(List<VolumeMountResponse> value) {
    this.volumeMounts = value;
    return this;
  }

  public InitContainerResponseBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public InitContainerResponse build() {
    return new InitContainerResponse(
        args,
        command,
        cpu,
        currentState,
        environmentVars,
        gpu,
        image,
        imagePullPolicy,
        memory,
        name,
        ports,
        previousState,
        ready,
        restartCount,
        securityContext,
        volumeMounts,
        workingDir);
  }
}
