package io.podyard.controlplane.faults;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.CommitPoints;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A whole server inside the JVM of the test, so that the test can hold it at the moments that
 * {@link CommitPoints} name. Several of them may share a database and the simulated hosts.
 */
public final class Plane implements AutoCloseable {

  /** How to reach a migrated or empty database. */
  public record Database(String url, String user, String password) {}

  private static final String SECRETS_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private final ConfigurableApplicationContext context;
  private final PodyardClient client;

  private Plane(ConfigurableApplicationContext context) {
    this.context = context;
    int port =
        Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
            .getPort();
    this.client =
        new PodyardClient(
            URI.create("http://127.0.0.1:" + port + "/"),
            ServerProcess.ACCESS_KEY,
            ServerProcess.SECRET,
            SignatureVersion.V3);
  }

  /**
   * Starts a server.
   *
   * @param hosts where the simulated hosts listen
   * @param points told of each commit and engine call
   * @param settings beyond the usual ones, by the names of their properties
   */
  public static Plane start(
      Database database, SimulatedProcess hosts, CommitPoints points, Map<String, String> settings)
      throws Exception {
    return start(database, hosts, points, settings, Clock.systemUTC());
  }

  /** Starts a server that takes the time from a clock of the test. */
  static Plane start(
      Database database,
      SimulatedProcess hosts,
      CommitPoints points,
      Map<String, String> settings,
      Clock clock)
      throws Exception {
    return start(database, hosts, points, settings, clock, Looking.USUAL);
  }

  /** Starts a server that looks for work as often as the test wants. */
  public static Plane start(Database database, SimulatedProcess hosts, Looking looking)
      throws Exception {
    return start(database, hosts, CommitPoints.NONE, Map.of(), Clock.systemUTC(), looking);
  }

  private static Plane start(
      Database database,
      SimulatedProcess hosts,
      CommitPoints points,
      Map<String, String> settings,
      Clock clock,
      Looking looking)
      throws Exception {
    Path folder = Files.createDirectories(hosts.folder().resolve("plane"));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("server.port", "0");
    all.put("spring.datasource.url", database.url());
    all.put("spring.datasource.username", database.user());
    all.put("spring.datasource.password", database.password());
    all.put("spring.datasource.hikari.maximum-pool-size", "8");
    all.put("podyard.data-dir", folder.toString());
    all.put("podyard.runtime", "simulated");
    all.put("podyard.simulated-socket", hosts.socket().toString());
    all.put("podyard.access-key-id", ServerProcess.ACCESS_KEY);
    all.put("podyard.access-key-secret", ServerProcess.SECRET);
    all.put("PODYARD_SECRETS_KEY", SECRETS_KEY);
    all.put("podyard.shards", "1");
    all.putAll(settings);
    SpringApplication application = new SpringApplication(PodyardApplication.class);
    application.setRegisterShutdownHook(false);
    application.setAllowBeanDefinitionOverriding(true);
    // A bean that is there already wins over the configured one of its name.
    application.addInitializers(
        applicationContext -> {
          GenericApplicationContext beans = (GenericApplicationContext) applicationContext;
          beans.registerBean("commitPoints", CommitPoints.class, () -> points);
          beans.registerBean("clock", Clock.class, () -> clock);
          beans.registerBean("looking", Looking.class, () -> looking);
        });
    return new Plane(
        application.run(
            all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new)));
  }

  public PodyardClient client() {
    return client;
  }

  /** Gives its shards away while it goes on with whatever its threads are about to do. */
  void loseLeases() {
    context.getBean(ShardLeases.class).close();
  }

  /** Whether it drives any hosts. */
  boolean holdsShards() {
    return !context.getBean(ShardLeases.class).shards().isEmpty();
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
