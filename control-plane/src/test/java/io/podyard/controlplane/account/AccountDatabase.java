package io.podyard.controlplane.account;

import io.podyard.controlplane.testing.TestDatabase;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The account store on a real database, wired as in the server, without the rest of it. */
final class AccountDatabase implements AutoCloseable {

  private static final String PERSISTENCE = "io.podyard.controlplane.account.persistence";

  private final TestDatabase database = TestDatabase.create();
  private final ConfigurableApplicationContext context =
      new SpringApplicationBuilder(Wiring.class)
          .web(WebApplicationType.NONE)
          .initializers(
              fresh ->
                  fresh.getBeanFactory().registerSingleton("testDataSource", database.dataSource()))
          .properties(
              "spring.main.banner-mode=off",
              "spring.jpa.hibernate.ddl-auto=none",
              "spring.jpa.open-in-view=false")
          .run();

  TestDatabase database() {
    return database;
  }

  AccountStore store() {
    return context.getBean(AccountStore.class);
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    HibernateJpaAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    DataJpaRepositoriesAutoConfiguration.class
  })
  @ComponentScan(PERSISTENCE)
  @EnableJpaRepositories(PERSISTENCE)
  @EntityScan(PERSISTENCE)
  static class Wiring {}
}
