package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.RequestIds;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.SignatureRules;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Puts the door together and hangs it into the web server. */
@Configuration(proxyBeanMethods = false)
class RestDoorConfiguration {

  @Bean
  RestAnswers restAnswers(PublicAddress address) {
    return new RestAnswers(address);
  }

  /** For every path that no door has, in place of Spring Boot's own. */
  @Bean
  OtherErrors otherErrors(RestAnswers answers, List<ErrorForm> forms) {
    return new OtherErrors(answers, forms, RequestIds::next);
  }

  @Bean
  Routes routes(List<Route> routes) {
    return new Routes(routes);
  }

  @Bean
  RestCalls restCalls(
      Routes routes,
      SignatureRules rules,
      OncePerNonce once,
      RateLimits limits,
      RestAnswers answers) {
    // This door has every operation of the other one, and its own.
    limits.requireAmong(routes.all().stream().map(Route::operationId).toList());
    return new RestCalls(routes, rules, once, limits, answers, RequestIds::next);
  }

  @Bean
  SimpleUrlHandlerMapping restDoorMapping(RestCalls calls, OtherErrors others) {
    DoorHandler door = new DoorHandler(calls::answer);
    return new SimpleUrlHandlerMapping(
        Map.of(Route.PREFIX, door, Route.PREFIX + "/**", door, OtherErrors.PATH, others),
        Ordered.HIGHEST_PRECEDENCE);
  }

  /** Made when the document is asked for the first time, not at the start. */
  @Bean
  OpenApiCustomizer apiDocument(Routes routes) {
    return document -> new ApiDocument(routes).writeInto(document);
  }
}
