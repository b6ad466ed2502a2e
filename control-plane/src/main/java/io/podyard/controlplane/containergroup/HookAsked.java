package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.HttpHeaderRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lifecycle hook as a request spells it, in flat names.
 *
 * @param path what its names begin with, for example {@code Container.1.LifecyclePreStopHandler}
 * @param headersName how its list of headers is called in this request (contract section 2.2)
 */
record HookAsked(
    String path,
    List<String> exec,
    @Nullable String httpHost,
    String headersName,
    List<HttpHeaderRequest> httpHeaders,
    @Nullable String httpPath,
    @Nullable Integer httpPort,
    @Nullable String httpScheme,
    @Nullable String tcpHost,
    @Nullable Integer tcpPort) {

  static HookAsked postStart(String container, String headersName, ContainerRequest asked) {
    return new HookAsked(
        container + ".LifecyclePostStartHandler",
        asked.lifecyclePostStartHandlerExec(),
        asked.lifecyclePostStartHandlerHttpGetHost(),
        headersName,
        asked.lifecyclePostStartHandlerHttpGetHttpHeader(),
        asked.lifecyclePostStartHandlerHttpGetPath(),
        asked.lifecyclePostStartHandlerHttpGetPort(),
        asked.lifecyclePostStartHandlerHttpGetScheme(),
        asked.lifecyclePostStartHandlerTcpSocketHost(),
        asked.lifecyclePostStartHandlerTcpSocketPort());
  }

  static HookAsked preStop(String container, ContainerRequest asked) {
    return new HookAsked(
        container + ".LifecyclePreStopHandler",
        asked.lifecyclePreStopHandlerExec(),
        asked.lifecyclePreStopHandlerHttpGetHost(),
        "HttpGetHttpHeader",
        asked.lifecyclePreStopHandlerHttpGetHttpHeader(),
        asked.lifecyclePreStopHandlerHttpGetPath(),
        asked.lifecyclePreStopHandlerHttpGetPort(),
        asked.lifecyclePreStopHandlerHttpGetScheme(),
        asked.lifecyclePreStopHandlerTcpSocketHost(),
        asked.lifecyclePreStopHandlerTcpSocketPort());
  }

  boolean asksForExec() {
    return !exec.isEmpty();
  }

  boolean asksForHttp() {
    return said(httpHost)
        || !httpHeaders.isEmpty()
        || said(httpPath)
        || httpPort != null
        || said(httpScheme);
  }

  boolean asksForTcp() {
    return said(tcpHost) || tcpPort != null;
  }

  private static boolean said(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
