package io.podyard.controlplane.testing;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.billing.Item;
import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.AccountCreation;
import io.podyard.controlplane.account.Accounts;
import io.podyard.controlplane.account.NewAccessKey;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.judge.Judge;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.simulated.SimulatedHosts;
import io.podyard.runtime.simulated.SimulatedHostsClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The whole server in this process, on a port of its own, with a database, a data folder and a
 * process of simulated hosts of its own.
 */
public final class TestServer implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Of the many that one PostgreSQL of a test run has to serve. */
  private static final int CONNECTIONS = 16;

  /**
   * What a server is like.
   *
   * @param hosts how many simulated hosts
   * @param hostSize of each of them, for example {@code 16vCPU/64GiB}
   * @param hostGpus of each of them, for example {@code 2xA10}; empty for none
   * @param architectures that they have in turn, for example {@code amd64,arm64}
   * @param settings of the server, by the names of its properties
   */
  public record Options(
      int hosts,
      String hostSize,
      String hostGpus,
      String architectures,
      Map<String, String> settings) {

    public static final Options USUAL = new Options(4, "32vCPU/128GiB", "", "amd64", Map.of());

    public Options {
      settings = Map.copyOf(settings);
    }

    public Options withHosts(int count, String size) {
      return new Options(count, size, hostGpus, architectures, settings);
    }

    public Options withGpus(String ofEachHost) {
      return new Options(hosts, hostSize, ofEachHost, architectures, settings);
    }

    public Options withArchitectures(String inTurn) {
      return new Options(hosts, hostSize, hostGpus, inTurn, settings);
    }

    public Options with(String setting, String value) {
      Map<String, String> more = new LinkedHashMap<>(settings);
      more.put(setting, value);
      return new Options(hosts, hostSize, hostGpus, architectures, more);
    }
  }

  /** A key and whose it is. */
  public record Key(AccountId account, String id, String secret) {}

  private final Path dataDir;
  private final TestDatabase database;
  private final Process simulated;
  private final SimulatedHostsClient hosts;
  private final ConfigurableApplicationContext context;
  private final Key operator;
  private final List<PodyardClient> clients = new ArrayList<>();

  private TestServer(Options options) throws IOException {
    String name = "operator-" + NUMBER.incrementAndGet();
    this.dataDir = Files.createTempDirectory("podyard-test");
    this.database = TestDatabase.create();
    this.simulated = simulatedHosts(options);
    this.hosts = new SimulatedHostsClient(SimulatedPool.socket(dataDir));
    Waiting.until("the simulated hosts answer", this::hostsAnswer);
    this.context = application(options, name);
    AccountId account =
        new AccountId(
            Objects.requireNonNull(
                database
                    .jdbc()
                    .queryForObject(
                        "select account_id from access_key where id = ?", String.class, name)));
    this.operator = new Key(account, name, "secret of " + name);
  }

  /** A server of the test's own. */
  public static TestServer start(Options options) {
    try {
      return new TestServer(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives temporary storage and disks a price. */
  private void sellStorage() {
    jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            values ('cn-*', 'ephemeral-storage', 'CNY', 0.00000058, '2018-08-08T00:00:00Z'),
                   ('cn-*', 'volume', 'CNY', 0.00000058, '2018-08-08T00:00:00Z')
            """);
    Waiting.until(
        "storage has a price",
        () ->
            bean(Prices.class)
                .book()
                .find(new RegionId("cn-hangzhou"), Item.VOLUME, Instant.now())
                .isPresent());
  }

  /** One server for all tests of the JVM that keep to accounts of their own. */
  public static TestServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    private static final TestServer SERVER = bringUp();

    private static TestServer bringUp() {
      TestServer server = start(Options.USUAL);
      server.sellStorage();
      // The JVM ends, and the database with it; only the other process would live on.
      Runtime.getRuntime().addShutdownHook(new Thread(server::endHosts));
      return server;
    }
  }

  private Process simulatedHosts(Options options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            SimulatedHosts.class.getName(),
            SimulatedPool.socket(dataDir).toString());
    builder.environment().put("PODYARD_SIMULATED_HOSTS", "" + options.hosts());
    builder.environment().put("PODYARD_SIMULATED_HOST_SIZE", options.hostSize());
    builder.environment().put("PODYARD_SIMULATED_HOST_GPUS", options.hostGpus());
    builder.environment().put("PODYARD_SIMULATED_HOST_ARCHITECTURES", options.architectures());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(hostsLog().toFile()));
    builder.redirectErrorStream(true);
    return builder.start();
  }

  private boolean hostsAnswer() {
    try {
      return !hosts.hosts().isEmpty();
    } catch (RuntimeUnavailableException e) {
      if (!simulated.isAlive()) {
        throw new IllegalStateException("the simulated hosts ended, see " + hostsLog(), e);
      }
      return false;
    }
  }

  private ConfigurableApplicationContext application(Options options, String key) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.port", "0");
    settings.put("server.address", "127.0.0.1");
    settings.put("spring.datasource.url", database.url());
    settings.put("spring.datasource.username", database.userName());
    settings.put("spring.datasource.password", database.password());
    settings.put("spring.datasource.hikari.maximum-pool-size", "" + CONNECTIONS);
    settings.put("podyard.data-dir", dataDir.toString());
    settings.put("podyard.runtime", SimulatedPool.RUNTIME);
    settings.put("podyard.access-key-id", key);
    settings.put("podyard.access-key-secret", "secret of " + key);
    settings.putAll(options.settings());
    SpringApplication application = new SpringApplication(PodyardApplication.class);
    application.setRegisterShutdownHook(false);
    return application.run(
        settings.entrySet().stream()
            .map(setting -> "--%s=%s".formatted(setting.getKey(), setting.getValue()))
            .toArray(String[]::new));
  }

  /** Where the server listens. */
  public URI endpoint() {
    int port =
        Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
            .getPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The key of the first account. */
  public Key operator() {
    return operator;
  }

  /** Makes an account with a key. */
  public Key newAccount() {
    String name = "account-" + NUMBER.incrementAndGet();
    return switch (bean(Accounts.class).create(name)) {
      case AccountCreation.Created(var account) -> {
        NewAccessKey key = bean(AccessKeys.class).create(account.id());
        yield new Key(account.id(), key.id().value(), key.secret());
      }
      case AccountCreation.NameTaken taken -> throw new IllegalStateException(name + " is taken");
    };
  }

  /** A client of the RPC door; closed with the server. */
  public PodyardClient client(Key key, SignatureVersion version) {
    PodyardClient client = new PodyardClient(endpoint(), key.id(), key.secret(), version);
    synchronized (clients) {
      clients.add(client);
    }
    return client;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public JdbcTemplate jdbc() {
    return database.jdbc();
  }

  /** Waits until no group holds anything of a host any more. */
  public void untilNothingIsReserved() {
    Waiting.until(
        "nothing is reserved",
        () ->
            Objects.equals(
                jdbc().queryForObject("select count(*) from reservation", Integer.class), 0));
  }

  /** The hosts behind the server, for fault plans. */
  public SimulatedHostsClient hosts() {
    return hosts;
  }

  /** What the process of the simulated hosts wrote. */
  public Path hostsLog() {
    return dataDir.resolve("simulated-hosts.log");
  }

  public Path dataDir() {
    return dataDir;
  }

  /** The runtime of each host. */
  public Map<HostId, GroupRuntime> runtimes() {
    Map<HostId, GroupRuntime> byHost = new TreeMap<>();
    for (KnownHost host : new Inventory(jdbc()).hosts()) {
      try {
        HostId id = host.snapshot().id();
        byHost.put(id, bean(Runtimes.class).of(id));
      } catch (RuntimeUnavailableException e) {
        throw new IllegalStateException(e);
      }
    }
    return byHost;
  }

  /** A judge over this server's database and hosts. */
  public Judge judge() {
    return new Judge(jdbc(), new Inventory(jdbc()).installation(), runtimes());
  }

  private void endHosts() {
    simulated.destroy();
    try {
      simulated.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deleteDataDir();
  }

  private void deleteDataDir() {
    try (Stream<Path> files = Files.walk(dataDir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    synchronized (clients) {
      clients.forEach(PodyardClient::close);
    }
    context.close();
    hosts.close();
    endHosts();
    database.close();
  }
}
