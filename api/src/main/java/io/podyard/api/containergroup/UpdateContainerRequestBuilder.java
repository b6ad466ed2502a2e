package io.podyard.api.containergroup;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link UpdateContainerRequest}. Parameters this version refuses are not
 * offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class UpdateContainerRequestBuilder {

  private List<String> arg = List.of();
  private List<String> command = List.of();
  private @Nullable BigDecimal cpu;
  private List<EnvironmentVarRequest> environmentVar = List.of();
  private @Nullable Integer gpu;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private List<String> lifecyclePostStartHandlerExec = List.of();
  private @Nullable String lifecyclePostStartHandlerHttpGetHost;
  private List<HttpHeaderRequest> lifecyclePostStartHandlerHttpGetHttpHeaders = List.of();
  private @Nullable String lifecyclePostStartHandlerHttpGetPath;
  private @Nullable Integer lifecyclePostStartHandlerHttpGetPort;
  private @Nullable String lifecyclePostStartHandlerHttpGetScheme;
  private @Nullable String lifecyclePostStartHandlerTcpSocketHost;
  private @Nullable Integer lifecyclePostStartHandlerTcpSocketPort;
  private List<String> lifecyclePreStopHandlerExec = List.of();
  private @Nullable String lifecyclePreStopHandlerHttpGetHost;
  private List<HttpHeaderRequest> lifecyclePreStopHandlerHttpGetHttpHeader = List.of();
  private @Nullable String lifecyclePreStopHandlerHttpGetPath;
  private @Nullable Integer lifecyclePreStopHandlerHttpGetPort;
  private @Nullable String lifecyclePreStopHandlerHttpGetScheme;
  private @Nullable String lifecyclePreStopHandlerTcpSocketHost;
  private @Nullable Integer lifecyclePreStopHandlerTcpSocketPort;
  private @Nullable ProbeRequest livenessProbe;
  private @Nullable BigDecimal memory;
  private @Nullable String name;
  private List<PortRequest> port = List.of();
  private @Nullable ProbeRequest readinessProbe;
  private @Nullable SecurityContextRequest securityContext;
  private @Nullable Boolean stdin;
  private @Nullable Boolean stdinOnce;
  private @Nullable Boolean tty;
  private List<VolumeMountRequest> volumeMount = List.of();
  private @Nullable String workingDir;

  UpdateContainerRequestBuilder() {}

  public UpdateContainerRequestBuilder arg(List<String> value) {
    this.arg = value;
    return this;
  }

  public UpdateContainerRequestBuilder command(List<String> value) {
    this.command = value;
    return this;
  }

  public UpdateContainerRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public UpdateContainerRequestBuilder environmentVar(List<EnvironmentVarRequest> value) {
    this.environmentVar = value;
    return this;
  }

  public UpdateContainerRequestBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
    return this;
  }

  public UpdateContainerRequestBuilder image(@Nullable String value) {
    this.image = value;
    return this;
  }

  public UpdateContainerRequestBuilder imagePullPolicy(@Nullable String value) {
    this.imagePullPolicy = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerExec(List<String> value) {
    this.lifecyclePostStartHandlerExec = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerHttpGetHost(
      @Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetHost = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerHttpGetHttpHeaders(
      List<HttpHeaderRequest> value) {
    this.lifecyclePostStartHandlerHttpGetHttpHeaders = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerHttpGetPath(
      @Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetPath = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerHttpGetPort(
      @Nullable Integer value) {
    this.lifecyclePostStartHandlerHttpGetPort = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerHttpGetScheme(
      @Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetScheme = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerTcpSocketHost(
      @Nullable String value) {
    this.lifecyclePostStartHandlerTcpSocketHost = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePostStartHandlerTcpSocketPort(
      @Nullable Integer value) {
    this.lifecyclePostStartHandlerTcpSocketPort = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerExec(List<String> value) {
    this.lifecyclePreStopHandlerExec = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerHttpGetHost(@Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetHost = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerHttpGetHttpHeader(
      List<HttpHeaderRequest> value) {
    this.lifecyclePreStopHandlerHttpGetHttpHeader = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerHttpGetPath(@Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetPath = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerHttpGetPort(@Nullable Integer value) {
    this.lifecyclePreStopHandlerHttpGetPort = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerHttpGetScheme(
      @Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetScheme = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerTcpSocketHost(
      @Nullable String value) {
    this.lifecyclePreStopHandlerTcpSocketHost = value;
    return this;
  }

  public UpdateContainerRequestBuilder lifecyclePreStopHandlerTcpSocketPort(
      @Nullable Integer value) {
    this.lifecyclePreStopHandlerTcpSocketPort = value;
    return this;
  }

  public UpdateContainerRequestBuilder livenessProbe(@Nullable ProbeRequest value) {
    this.livenessProbe = value;
    return this;
  }

  public UpdateContainerRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public UpdateContainerRequestBuilder name(@Nullable String value) {
    this.name = value;
    return this;
  }

  public UpdateContainerRequestBuilder port(List<PortRequest> value) {
    this.port = value;
    return this;
  }

  public UpdateContainerRequestBuilder readinessProbe(@Nullable ProbeRequest value) {
    this.readinessProbe = value;
    return this;
  }

  public UpdateContainerRequestBuilder securityContext(@Nullable SecurityContextRequest value) {
    this.securityContext = value;
    return this;
  }

  public UpdateContainerRequestBuilder stdin(@Nullable Boolean value) {
    this.stdin = value;
    return this;
  }

  public UpdateContainerRequestBuilder stdinOnce(@Nullable Boolean value) {
    this.stdinOnce = value;
    return this;
  }

  public UpdateContainerRequestBuilder tty(@Nullable Boolean value) {
    this.tty = value;
    return this;
  }

  public UpdateContainerRequestBuilder volumeMount(List<VolumeMountRequest> value) {
    this.volumeMount = value;
    return this;
  }

  public UpdateContainerRequestBuilder workingDir(@Nullable String value) {
    this.workingDir = value;
    return this;
  }

  /** The record with everything named so far. */
  public UpdateContainerRequest build() {
    return new UpdateContainerRequest(
        arg,
        command,
        cpu,
        environmentVar,
        gpu,
        image,
        imagePullPolicy,
        lifecyclePostStartHandlerExec,
        lifecyclePostStartHandlerHttpGetHost,
        lifecyclePostStartHandlerHttpGetHttpHeaders,
        lifecyclePostStartHandlerHttpGetPath,
        lifecyclePostStartHandlerHttpGetPort,
        lifecyclePostStartHandlerHttpGetScheme,
        lifecyclePostStartHandlerTcpSocketHost,
        lifecyclePostStartHandlerTcpSocketPort,
        lifecyclePreStopHandlerExec,
        lifecyclePreStopHandlerHttpGetHost,
        lifecyclePreStopHandlerHttpGetHttpHeader,
        lifecyclePreStopHandlerHttpGetPath,
        lifecyclePreStopHandlerHttpGetPort,
        lifecyclePreStopHandlerHttpGetScheme,
        lifecyclePreStopHandlerTcpSocketHost,
        lifecyclePreStopHandlerTcpSocketPort,
        livenessProbe,
        memory,
        name,
        port,
        readinessProbe,
        securityContext,
        stdin,
        stdinOnce,
        tty,
        volumeMount,
        workingDir);
  }
}
