package io.podyard.controlplane.door.rpc;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.settings.PodyardSettings;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
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

  @Bean
  RpcAnswers rpcAnswers(PodyardSettings settings) {
    String publicUrl = settings.publicUrl();
    return new RpcAnswers(
        publicUrl == null || publicUrl.isBlank() ? null : URI.create(publicUrl.strip()));
  }

  @Bean
  RpcCalls rpcCalls(
      AccessKeys keys,
      NonceBurner burner,
      List<RpcOperation<?, ?>> operations,
      RpcAnswers answers,
      Clock clock) {
    return new RpcCalls(
        new SignatureRules(keys, clock),
        new SeenNonces(Ticker.systemTicker()),
        burner,
        new RpcOperations(operations, RpcOperations.NOT_BUILT),
        answers,
        RpcDoorConfiguration::requestId);
  }

  /** Before all other mappings: one of them has a welcome page at the same path. */
  @Bean
  SimpleUrlHandlerMapping rpcDoorMapping(RpcCalls calls) {
    return new SimpleUrlHandlerMapping(
        Map.of(RpcDoor.PATH, new RpcDoor(calls), ErrorHelp.PATH, new ErrorHelp()),
        Ordered.HIGHEST_PRECEDENCE);
  }

  @Bean
  MultipartResolver multipartResolver() {
    return new NoMultipart();
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> earlyErrors(RpcAnswers answers) {
    return server ->
        server.addContextCustomizers(
            context ->
                context
                    .getParent()
                    .getPipeline()
                    .addValve(new EarlyErrors(answers, RpcDoorConfiguration::requestId)));
  }

  private static String requestId() {
    return UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
  }
}
