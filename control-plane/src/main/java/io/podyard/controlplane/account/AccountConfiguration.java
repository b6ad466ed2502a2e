package io.podyard.controlplane.account;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.settings.PodyardSettings;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The account services, with real randomness and time. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

  private final SecureRandom random = new SecureRandom();

  @Bean
  Accounts accounts(AccountStore store, Clock clock) {
    return new Accounts(store, random, clock);
  }

  @Bean
  AccessKeys accessKeys(AccountStore store, SecretBox box, Clock clock) {
    return new AccessKeys(store, box, random, clock, Ticker.systemTicker());
  }

  @Bean
  FirstAccount firstAccount(
      AccountStore store,
      Accounts accounts,
      AccessKeys keys,
      SecretBox box,
      PodyardSettings settings) {
    return new FirstAccount(store, accounts, keys, box, settings);
  }
}
