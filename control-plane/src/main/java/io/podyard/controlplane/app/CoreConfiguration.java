package io.podyard.controlplane.app;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupWakeUp;
import io.podyard.controlplane.containergroup.SampledGroups;
import io.podyard.controlplane.containergroup.WaitingLook;
import io.podyard.controlplane.driving.AwaitedCoreDumps;
import io.podyard.controlplane.driving.Driving;
import io.podyard.controlplane.driving.GroupSampling;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.metric.GroupSampler;
import io.podyard.controlplane.metric.SampleCounts;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.DecisionLog;
import io.podyard.controlplane.placement.DecisionTable;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.DockerHosts;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.wake.Announcer;
import io.podyard.controlplane.wake.Channel;
import io.podyard.controlplane.wake.Listening;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The parts of the core that are plain classes. */
@Configuration(proxyBeanMethods = false)
class CoreConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  CommitPoints commitPoints(
      @Value("${PODYARD_CRASH_AT:}") String crashAt,
      @Value("${PODYARD_FREEZE_WHEN:}") String freezeWhen) {
    CommitPoints crash = crashAt.isEmpty() ? CommitPoints.NONE : CrashPoints.of(crashAt);
    CommitPoints freeze =
        freezeWhen.isEmpty() ? CommitPoints.NONE : new FreezePoints(Path.of(freezeWhen));
    return crash.and(freeze);
  }

  @Bean
  SecretBox secretBox(
      PodyardSettings settings, @Value("${PODYARD_SECRETS_KEY:}") String configuredKey) {
    return new SecretBox(
        SecretsKey.of(configuredKey.isEmpty() ? null : configuredKey, settings.dataDir()));
  }

  @Bean(destroyMethod = "close")
  DockerHosts dockerHosts(CommitPoints points) {
    return new DockerHosts(points);
  }

  @Bean(destroyMethod = "close")
  Runtimes runtimes(Placement placement) {
    return new Runtimes(placement);
  }

  @Bean(destroyMethod = "close")
  ShardLeases shardLeases(JdbcConnectionDetails database, Placement placement) {
    DriverManagerDataSource connections = connections(database, "podyard-lease");
    // Process ids repeat, on other machines and later on; for people they are good to know.
    String holder = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    ShardLeases leases = new ShardLeases(connections, holder, System::nanoTime);
    placement.prefer(leases::shards);
    return leases;
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  DecisionLog decisionLog(
      Placement placement, DecisionTable table, ShardLeases leases, Clock clock) {
    DecisionLog decisions = new DecisionLog(table, leases.holder(), clock);
    placement.addListener(decisions);
    return decisions;
  }

  /**
   * Connections of their own beside the pool. A session that hangs is given up within the life of a
   * lease, or nobody would drive any more.
   */
  private static DriverManagerDataSource connections(JdbcConnectionDetails database, String name) {
    DriverManagerDataSource connections = new DriverManagerDataSource(database.getJdbcUrl());
    connections.setUsername(database.getUsername());
    connections.setPassword(database.getPassword());
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "3");
    properties.setProperty("ApplicationName", name);
    connections.setConnectionProperties(properties);
    return connections;
  }

  @Bean(destroyMethod = "close")
  Announcer announcer(JdbcConnectionDetails database) {
    return new Announcer(connections(database, "podyard-announcer"), System::nanoTime);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Listening listening(
      JdbcConnectionDetails database,
      Announcer announcer,
      Driving driving,
      WaitingLook waitingLook,
      Placement placement,
      CapacityReturned capacityReturned) {
    Listening listening =
        new Listening(connections(database, "podyard-listening"), announcer::speaksThrough);
    listening.on(
        Channel.ATTENTION,
        shards ->
            driving.lookAt(shards.stream().map(Integer::valueOf).collect(Collectors.toSet())));
    listening.on(Channel.CAPACITY, words -> waitingLook.capacityReturnedElsewhere());
    capacityReturned.addListener(() -> announcer.tell(Channel.CAPACITY, "more"));
    listening.on(
        Channel.HOSTS,
        words -> {
          if (placement.passedOver().heard(words)) {
            waitingLook.capacityReturnedElsewhere();
          }
        });
    placement.passedOver().addListener(word -> announcer.tell(Channel.HOSTS, word));
    return listening;
  }

  @Bean
  Looking looking() {
    return Looking.USUAL;
  }

  @Bean
  HostLosses hostLosses(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      PodyardSettings settings,
      CommitPoints points) {
    return new HostLosses(jdbc, transaction, settings.host(), points);
  }

  @Bean(destroyMethod = "close")
  Driving driving(
      GroupStore groups,
      EndedGroups ended,
      ShardLeases leases,
      Placement placement,
      Runtimes runtimes,
      Inventory inventory,
      FlywayMigrationInitializer schema,
      CapacityReturned capacityReturned,
      ProofsOfLife proofs,
      AwaitedCoreDumps coreDumps,
      HostLife life,
      HostLosses losses,
      BindingLoad bindingLoad,
      PodyardSettings settings,
      Looking looking,
      Clock clock) {
    return new Driving(
        groups,
        ended,
        leases,
        placement,
        runtimes,
        inventory.installation(),
        capacityReturned,
        proofs,
        coreDumps,
        life,
        losses,
        bindingLoad,
        settings.orphanGrace(),
        looking,
        clock);
  }

  @Bean(destroyMethod = "close")
  GroupSampler groupSampler(
      Runtimes runtimes,
      Inventory inventory,
      FlywayMigrationInitializer schema,
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      SampleCounts counts,
      Clock clock) {
    return new GroupSampler(runtimes, inventory.installation(), jdbc, transaction, counts, clock);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  GroupSampling groupSampling(
      Driving driving,
      ShardLeases leases,
      SampledGroups groups,
      GroupSampler sampler,
      PodyardSettings settings,
      Clock clock) {
    return new GroupSampling(driving, leases, groups, sampler, settings.metrics(), clock);
  }

  /** Looked up late: the driver needs the groups and the groups wake the driver. */
  @Bean
  GroupWakeUp groupWakeUp(ObjectProvider<Driving> driving, Announcer announcer) {
    return new GroupWakeUp() {
      @Override
      public void wake(ContainerGroupId group, int shard) {
        tell(driving.getObject().wake(group, shard), shard);
      }

      @Override
      public void start(ContainerGroupId group, HostId host, int shard) {
        tell(driving.getObject().start(group, host, shard), shard);
      }

      private void tell(boolean ours, int shard) {
        if (!ours) {
          announcer.tell(Channel.ATTENTION, Integer.toString(shard));
        }
      }
    };
  }
}
