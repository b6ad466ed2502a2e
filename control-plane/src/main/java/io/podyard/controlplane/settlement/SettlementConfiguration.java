package io.podyard.controlplane.settlement;

import io.podyard.billing.Agreements;
import io.podyard.billing.Hour;
import io.podyard.controlplane.agreement.AgreementsOfAccounts;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import java.util.List;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Settling, as the server does it. */
@Configuration(proxyBeanMethods = false)
class SettlementConfiguration {

  @Bean
  AgreementsOf agreementsOf(AgreementsOfAccounts accounts) {
    return new AgreementsOf() {
      @Override
      public Agreements of(AccountId account) {
        return accounts.of(account);
      }

      @Override
      public List<AccountId> validIn(Hour hour) {
        return accounts.validIn(hour);
      }
    };
  }

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
