package io.podyard.controlplane.door.page;

import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Hangs the pages into the web server; their scripts and styles are files beside them. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration {

  @Bean
  SimpleUrlHandlerMapping pageMapping() {
    CostPage costs = new CostPage();
    return new SimpleUrlHandlerMapping(
        Map.of(CostPage.PATH, costs, CostPage.PATH + "/", costs), Ordered.HIGHEST_PRECEDENCE);
  }
}
