package io.podyard.controlplane.settlement;

import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Sessions beside the pool: one large account takes longer than a transaction of the pool may. A
 * process that stands still in the middle loses its session, and with it what it had locked.
 */
final class SessionSource {

  /** By which they are told from others in the database. */
  static final String NAME = "podyard-settlement";

  private final DriverManagerDataSource connections;

  SessionSource(String url, @Nullable String user, @Nullable String password) {
    this.connections = new DriverManagerDataSource(url);
    connections.setUsername(user);
    connections.setPassword(password);
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", "2");
    // The first rows of a large account are there after it was sorted.
    properties.setProperty("socketTimeout", "300");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", NAME);
    properties.setProperty(
        "options", "-c idle_in_transaction_session_timeout=30s -c lock_timeout=5s");
    connections.setConnectionProperties(properties);
  }

  Session open() {
    return new Session(connections);
  }
}
