package io.podyard.controlplane.door;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.SeenNonces;
import io.podyard.controlplane.door.signature.SignatureRules;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What both doors share. */
@Configuration(proxyBeanMethods = false)
public class DoorConfiguration {

  @Bean
  Operations operations(List<Operation<?, ?>> operations) {
    return new Operations(operations, Operations.NOT_BUILT);
  }

  @Bean
  PublicAddress publicAddress(PodyardSettings settings) {
    return new PublicAddress(settings.publicUrl());
  }

  @Bean
  SignatureRules signatureRules(AccessKeys keys, Clock clock) {
    return new SignatureRules(keys, clock);
  }

  /** One for both doors: a call counts whichever it comes to. */
  @Bean
  RateLimits rateLimits(PodyardSettings settings) {
    return new RateLimits(settings.rateLimits(), Ticker.systemTicker());
  }

  /** One for both doors: a request is taken once, whichever it comes to. */
  @Bean
  OncePerNonce oncePerNonce(NonceBurner burner) {
    return new OncePerNonce(new SeenNonces(Ticker.systemTicker()), burner);
  }
}
