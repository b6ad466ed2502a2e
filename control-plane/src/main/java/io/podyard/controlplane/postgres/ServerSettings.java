package io.podyard.controlplane.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The settings every local server runs with. They are given on its command line, which wins over
 * all files. Those that matter for safety are read back from the running server, as a client sees
 * them: durability is seen, not hoped for.
 */
final class ServerSettings {

  /** Values are spelled the way {@code show} prints them, and hold nothing a shell would touch. */
  private static final Map<String, String> REQUIRED = required(System.getProperty("os.name"));

  /** Below the data folder. */
  static final String LOG_FOLDER = "log";

  private static final Map<String, String> CONVENIENT = convenient();

  private ServerSettings() {}

  private static Map<String, String> required(String osName) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fsync", "on");
    settings.put("synchronous_commit", "on");
    settings.put("full_page_writes", "on");
    if (osName.toLowerCase(Locale.ROOT).startsWith("mac")) {
      // A plain fsync there leaves the data in the disk's own cache.
      settings.put("wal_sync_method", "fsync_writethrough");
    }
    settings.put("max_connections", "100");
    settings.put("listen_addresses", "127.0.0.1");
    // The data folder, where the server works: no path is ever too long for a socket then.
    settings.put("unix_socket_directories", ".");
    settings.put("password_encryption", "scram-sha-256");
    return settings;
  }

  private static Map<String, String> convenient() {
    Map<String, String> settings = new LinkedHashMap<>();
    // Statements of a process that was killed end within this time and let go of their locks.
    settings.put("client_connection_check_interval", "1s");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    // Seven files, one a weekday. Failed statements are not in them: a lost race on a unique key
    // is everyday work, and the one who sent the statement reports it.
    settings.put("logging_collector", "on");
    settings.put("log_directory", LOG_FOLDER);
    settings.put("log_filename", "postgresql-%a.log");
    settings.put("log_truncate_on_rotation", "on");
    settings.put("log_rotation_age", "1d");
    settings.put("log_rotation_size", "0");
    settings.put("log_min_messages", "log");
    return settings;
  }

  /** The options for a start on this port, for {@code pg_ctl -o}. */
  static String commandLine(int port) {
    StringBuilder options = new StringBuilder("-c port=").append(port);
    for (Map<String, String> settings : List.of(REQUIRED, CONVENIENT)) {
      settings.forEach((name, value) -> options.append(" -c " + name + "=" + value));
    }
    return options.toString();
  }

  /** Says for each required setting that is not as wanted what it is; empty if all is well. */
  static List<String> deviations(Connection connection) throws SQLException {
    List<String> deviations = new ArrayList<>();
    try (PreparedStatement show =
        connection.prepareStatement("select name, current_setting(name) from unnest(?) name")) {
      show.setArray(1, connection.createArrayOf("text", REQUIRED.keySet().toArray()));
      try (ResultSet rows = show.executeQuery()) {
        while (rows.next()) {
          String name = rows.getString(1);
          String value = rows.getString(2);
          if (!value.equals(REQUIRED.get(name))) {
            deviations.add(name + " is " + value + " instead of " + REQUIRED.get(name));
          }
        }
      }
    }
    return deviations;
  }
}
