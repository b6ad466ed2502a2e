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
  private @Nullable Integer gpu;
  private @Nullable String image;
  private @Nullable String imagePullPolicy;
  private List<String> lifecyclePostStartHandlerExec = List.of();
  private @Nullable String lifecyclePostStartHandlerHttpGetHost;
  private List<HttpHeaderRequest> lifecyclePostStartHandlerHttpGetHttpHeader = List.of();
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
  private @Nullable Long securityContextRunAsGroup;
  private @Nullable Boolean securityContextRunAsNonRoot;
  private @Nullable Boolean stdin;
  private @Nullable Boolean stdinOnce;
  private @Nullable String terminationMessagePath;
  private @Nullable String terminationMessagePolicy;
  private @Nullable Boolean tty;
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

  public ContainerRequestBuilder gpu(@Nullable Integer value) {
    this.gpu = value;
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

  public ContainerRequestBuilder lifecyclePostStartHandlerExec(List<String> value) {
    this.lifecyclePostStartHandlerExec = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerHttpGetHost(@Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetHost = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerHttpGetHttpHeader(
      List<HttpHeaderRequest> value) {
    this.lifecyclePostStartHandlerHttpGetHttpHeader = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerHttpGetPath(@Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetPath = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerHttpGetPort(@Nullable Integer value) {
    this.lifecyclePostStartHandlerHttpGetPort = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerHttpGetScheme(@Nullable String value) {
    this.lifecyclePostStartHandlerHttpGetScheme = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerTcpSocketHost(@Nullable String value) {
    this.lifecyclePostStartHandlerTcpSocketHost = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePostStartHandlerTcpSocketPort(@Nullable Integer value) {
    this.lifecyclePostStartHandlerTcpSocketPort = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerExec(List<String> value) {
    this.lifecyclePreStopHandlerExec = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerHttpGetHost(@Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetHost = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerHttpGetHttpHeader(
      List<HttpHeaderRequest> value) {
    this.lifecyclePreStopHandlerHttpGetHttpHeader = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerHttpGetPath(@Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetPath = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerHttpGetPort(@Nullable Integer value) {
    this.lifecyclePreStopHandlerHttpGetPort = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerHttpGetScheme(@Nullable String value) {
    this.lifecyclePreStopHandlerHttpGetScheme = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerTcpSocketHost(@Nullable String value) {
    this.lifecyclePreStopHandlerTcpSocketHost = value;
    return this;
  }

  public ContainerRequestBuilder lifecyclePreStopHandlerTcpSocketPort(@Nullable Integer value) {
    this.lifecyclePreStopHandlerTcpSocketPort = value;
    return this;
  }

  public ContainerRequestBuilder livenessProbe(@Nullable ProbeRequest value) {
    this.livenessProbe = value;
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

  public ContainerRequestBuilder readinessProbe(@Nullable ProbeRequest value) {
    this.readinessProbe = value;
    return this;
  }

  public ContainerRequestBuilder securityContext(@Nullable SecurityContextRequest value) {
    this.securityContext = value;
    return this;
  }

  public ContainerRequestBuilder securityContextRunAsGroup(@Nullable Long value) {
    this.securityContextRunAsGroup = value;
    return this;
  }

  public ContainerRequestBuilder securityContextRunAsNonRoot(@Nullable Boolean value) {
    this.securityContextRunAsNonRoot = value;
    return this;
  }

  public ContainerRequestBuilder stdin(@Nullable Boolean value) {
    this.stdin = value;
    return this;
  }

  public ContainerRequestBuilder stdinOnce(@Nullable Boolean value) {
    this.stdinOnce = value;
    return this;
  }

  public ContainerRequestBuilder terminationMessagePath(@Nullable String value) {
    this.terminationMessagePath = value;
    return this;
  }

  public ContainerRequestBuilder terminationMessagePolicy(@Nullable String value) {
    this.terminationMessagePolicy = value;
    return this;
  }

  public ContainerRequestBuilder tty(@Nullable Boolean value) {
    this.tty = value;
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
        gpu,
        image,
        imagePullPolicy,
        lifecyclePostStartHandlerExec,
        lifecyclePostStartHandlerHttpGetHost,
        lifecyclePostStartHandlerHttpGetHttpHeader,
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
        null,
        securityContextRunAsGroup,
        securityContextRunAsNonRoot,
        stdin,
        stdinOnce,
        terminationMessagePath,
        terminationMessagePolicy,
        tty,
        volumeMount,
        workingDir);
  }
}
