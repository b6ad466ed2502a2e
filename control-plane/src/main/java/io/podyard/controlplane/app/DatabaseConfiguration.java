package io.podyard.controlplane.app;

import com.zaxxer.hikari.HikariDataSource;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.BoundedConnections;
import io.podyard.controlplane.write.BoundedTransactions;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.transaction.support.TransactionTemplate;

/** Where the database is: the one that is configured, else an embedded PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Configuration(proxyBeanMethods = false)
  @Conditional(NoneConfigured.class)
  static class Embedded {

    @Bean(destroyMethod = "close")
    LocalPostgres localPostgres(PodyardSettings settings) {
      LocalPostgres postgres = LocalPostgres.open(settings.dataDir().resolve("postgres"));
      postgres.keepRunning();
      return postgres;
    }

    @Bean
    JdbcConnectionDetails localPostgresConnection(LocalPostgres postgres) {
      return new JdbcConnectionDetails() {
        @Override
        public String getUsername() {
          return postgres.userName();
        }

        @Override
        public String getPassword() {
          return postgres.password();
        }

        @Override
        public String getJdbcUrl() {
          return postgres.jdbcUrl();
        }
      };
    }
  }

  /** An empty address counts as none: a compose file sets variables that nobody gave a value. */
  static final class NoneConfigured implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return context.getEnvironment().getProperty("spring.datasource.url", "").isBlank();
    }
  }

  /** Whoever works for a request gets connections that keep to its time. */
  @Bean
  static BeanPostProcessor boundedConnections() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof HikariDataSource pool ? new BoundedConnections(pool) : bean;
      }
    };
  }

  /**
   * Transactions of plain JDBC. Rows that go in by the hundred do not pass an entity manager, so
   * they need not pay for one.
   */
  @Bean
  TransactionTemplate jdbcTransaction(DataSource dataSource) {
    return new TransactionTemplate(new BoundedTransactions(dataSource));
  }
}
