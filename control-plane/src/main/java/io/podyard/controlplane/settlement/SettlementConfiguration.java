package io.podyard.controlplane.settlement;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.CommitPoints;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Settling, as the server does it. */
@Configuration(proxyBeanMethods = false)
class SettlementConfiguration {

  @Bean
  SettlementRounds settlementRounds(
      JdbcConnectionDetails database,
      JdbcTemplate jdbc,
      Prices prices,
      AgreementsOf agreements,
      PodyardSettings settings,
      CommitPoints points) {
    SessionSource sessions =
        new SessionSource(database.getJdbcUrl(), database.getUsername(), database.getPassword());
    return new SettlementRounds(
        sessions,
        jdbc,
        new ListedHours(agreements, settings.settlement().grace(), points),
        new Settling(agreements, points),
        prices::fresh);
  }
}
