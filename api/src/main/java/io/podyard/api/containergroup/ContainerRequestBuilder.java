package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link ContainerRequest}. Parameters this version refuses are not offered
 * here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class ContainerRequestBuilder {

  private List<String> arg = List.of();
  private List<String> command = List.of();
  private @Nullable BigDecimal cpu;
  private List<EnvironmentVarRequest> environmentVar = List.of();
  private @Nullable Boolean environmentVarHide;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private @Nullable BigDecimal memory;
  private @Nullable String name;
  private List<PortRequest> port = List.of();
  private @Nullable SecurityContextRequest securityContext;
  private List<VolumeMountRequest> volumeMount = List.of();
  private @Nullable String workingDir;

  ContainerRequestBuilder() {}

  public ContainerRequestBuilder arg(List<String> value) {
    this.arg = value;
    return this;
  }

  public ContainerRequestBuilder command(List<String> value) {
    this.command = value;
    return this;
  }

  public ContainerRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public ContainerRequestBuilder environmentVar(List<EnvironmentVarRequest> value) {
    this.environmentVar = value;
    return this;
  }

  public ContainerRequestBuilder environmentVarHide(@Nullable Boolean value) {
    this.environmentVarHide = value;
    return this;
  }

  public ContainerRequestBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public ContainerRequestBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public ContainerRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public ContainerRequestBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public ContainerRequestBuilder port(List<PortRequest> value) {
    this.port = value;
    return this;
  }

  public ContainerRequestBuilder securityContext(@Nullable SecurityContextRequest value) {
    this.securityContext = value;
    return this;
  }

  public ContainerRequestBuilder volumeMount(List<VolumeMountRequest> value) {
    this.volumeMount = value;
    return this;
  }

  public ContainerRequestBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public ContainerRequest build() {
    return new ContainerRequest(
        arg,
        command,
        cpu,
        environmentVar,
        environmentVarHide,
        null,
        image,
        imagePullPolicy,
        List.of(),
        null,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        memory,
        name,
        port,
        null,
        securityContext,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        volumeMount,
        workingDir);
  }
}
