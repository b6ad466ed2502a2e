package io.podyard.controlplane.door.download;

import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.OpsResultAddress;
import io.podyard.controlplane.ops.OpsResults;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Hangs the downloads into the web server. */
@Configuration(proxyBeanMethods = false)
class DownloadDoorConfiguration {

  @Bean
  SimpleUrlHandlerMapping downloadDoorMapping(
      OpsResults results, @Qualifier("restAnswers") ErrorForm errors) {
    return new SimpleUrlHandlerMapping(
        Map.of(OpsResultAddress.PATH, new OpsResultDoor(results, errors)),
        Ordered.HIGHEST_PRECEDENCE);
  }
}
