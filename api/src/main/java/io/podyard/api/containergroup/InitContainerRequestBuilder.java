package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link InitContainerRequest}. Parameters this version refuses are not
 * offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class InitContainerRequestBuilder {

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
  private @Nullable String terminationMessagePath;
  private @Nullable String terminationMessagePolicy;
  private List<VolumeMountRequest> volumeMount = List.of();
  private @Nullable String workingDir;

  InitContainerRequestBuilder() {}

  public InitContainerRequestBuilder arg(List<String> value) {
    this.arg = value;
    return this;
  }

  public InitContainerRequestBuilder command(List<String> value) {
    this.command = value;
    return this;
  }

  public InitContainerRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public InitContainerRequestBuilder environmentVar(List<EnvironmentVarRequest> value) {
    this.environmentVar = value;
    return this;
  }

  public InitContainerRequestBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
    return this;
  }

  public InitContainerRequestBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public InitContainerRequestBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public InitContainerRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public InitContainerRequestBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public InitContainerRequestBuilder port(List<PortRequest> value) {
    this.port = value;
    return this;
  }

  public InitContainerRequestBuilder securityContext(@Nullable SecurityContextRequest value) {
    this.securityContext = value;
    return this;
  }

  public InitContainerRequestBuilder terminationMessagePath(@Nullable String value) {
    this.terminationMessagePath = value;
    return this;
  }

  public InitContainerRequestBuilder terminationMessagePolicy(@Nullable String value) {
    this.terminationMessagePolicy = value;
    return this;
  }

  public InitContainerRequestBuilder volumeMount(List<VolumeMountRequest> value) {
    this.volumeMount = value;
    return this;
  }

  public InitContainerRequestBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public InitContainerRequest build() {
    return new InitContainerRequest(
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
        terminationMessagePath,
        terminationMessagePolicy,
        volumeMount,
        workingDir);
  }
}
