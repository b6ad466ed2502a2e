package io.podyard.controlplane.door.rpc;

import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.RequestIds;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.SignatureRules;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Puts the door together and hangs it into the web server. */
@Configuration(proxyBeanMethods = false)
class RpcDoorConfiguration {

  private static final String PATH = "/";

  @Bean
  RpcAnswers rpcAnswers(PublicAddress address) {
    return new RpcAnswers(address);
  }

  @Bean
  RpcCalls rpcCalls(
      SignatureRules rules,
      OncePerNonce once,
      RateLimits limits,
      Operations operations,
      RpcAnswers answers) {
    return new RpcCalls(rules, once, limits, operations, answers, RequestIds::next);
  }

  /** Before all other mappings: one of them has a welcome page at the same path. */
  @Bean
  SimpleUrlHandlerMapping rpcDoorMapping(RpcCalls calls) {
    return new SimpleUrlHandlerMapping(
        Map.of(PATH, new DoorHandler(calls::answer), PublicAddress.ERROR_HELP, new ErrorHelp()),
        Ordered.HIGHEST_PRECEDENCE);
  }

  @Bean
  MultipartResolver multipartResolver() {
    return new NoMultipart();
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> earlyErrors(
      RpcAnswers answers, ObjectProvider<ErrorForm> forms) {
    return server ->
        server.addContextCustomizers(
            context ->
                context
                    .getParent()
                    .getPipeline()
                    .addValve(new EarlyErrors(answers, forms.stream().toList(), RequestIds::next)));
  }
}
