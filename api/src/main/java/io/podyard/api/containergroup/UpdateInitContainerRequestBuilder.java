package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link UpdateInitContainerRequest}. Parameters this version refuses are
 * not offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class UpdateInitContainerRequestBuilder {

  private List<String> arg = List.of();
  private List<String> command = List.of();
  private @Nullable BigDecimal cpu;
  private List<EnvironmentVarRequest> environmentVar = List.of();
  private @Nullable Integer gpu;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private @Nullable BigDecimal memory;
  private @Nullable String name;
  private List<PortRequest> port = List.of();
  private @Nullable SecurityContextRequest securityContext;
  private @Nullable Boolean stdin;
  private @Nullable Boolean stdinOnce;
  private @Nullable Boolean tty;
  private List<VolumeMountRequest> volumeMount = List.of();
  private @Nullable String workingDir;

  UpdateInitContainerRequestBuilder() {}

  public UpdateInitContainerRequestBuilder arg(List<String> value) {
    this.arg = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder command(List<String> value) {
    this.command = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder environmentVar(List<EnvironmentVarRequest> value) {
    this.environmentVar = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder port(List<PortRequest> value) {
    this.port = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder securityContext(@Nullable SecurityContextRequest value) {
    this.securityContext = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder stdin(@Nullable Boolean value) {
    this.stdin = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder stdinOnce(@Nullable Boolean value) {
    this.stdinOnce = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder tty(@Nullable Boolean value) {
    this.tty = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder volumeMount(List<VolumeMountRequest> value) {
    this.volumeMount = value;
    return this;
  }

  public UpdateInitContainerRequestBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public UpdateInitContainerRequest build() {
    return new UpdateInitContainerRequest(
        arg,
        command,
        cpu,
        environmentVar,
        gpu,
        image,
        imagePullPolicy,
        memory,
        name,
        port,
        securityContext,
        stdin,
        stdinOnce,
        tty,
        volumeMount,
        workingDir);
  }
}
