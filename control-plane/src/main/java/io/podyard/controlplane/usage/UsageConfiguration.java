package io.podyard.controlplane.usage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The price service, with real time. */
@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

  @Bean
  Prices prices(PriceStore store, SpotPriceTable spotTable, Clock clock, PodyardSettings settings) {
    Prices prices =
        new Prices(store, spotTable, settings.spot().share(), clock, Ticker.systemTicker());
    prices.start();
    if (settings.examplePrices()) {
      prices.addExamples();
    }
    return prices;
  }
}
