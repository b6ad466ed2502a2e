package io.podyard.controlplane.door.exec;

import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.ExecAddresses;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.exec.ExecSessions;
import java.util.Map;
import org.apache.tomcat.websocket.server.WsSci;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Hangs the WebSocket and the page into the web server. */
@Configuration(proxyBeanMethods = false)
class ExecDoorConfiguration {

  @Bean
  SimpleUrlHandlerMapping execDoorMapping(
      ExecSessions sessions, @Qualifier("restAnswers") ErrorForm errors, PublicAddress address) {
    ExecDoor door = new ExecDoor(sessions, errors);
    return new SimpleUrlHandlerMapping(
        Map.of(
            ExecAddresses.SOCKET_PATH,
            door,
            ExecAddresses.SOCKET_PATH + "/",
            door,
            ExecAddresses.PAGE_PATH,
            new TerminalPage(sessions, address)),
        Ordered.HIGHEST_PRECEDENCE);
  }

  /** The server's own WebSockets, which are off unless somebody wants them. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> webSockets() {
    return server ->
        server.addContextCustomizers(
            context -> context.addServletContainerInitializer(new WsSci(), null));
  }
}
