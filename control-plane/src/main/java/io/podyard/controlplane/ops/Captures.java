package io.podyard.controlplane.ops;

import io.podyard.controlplane.hosttask.DrivenHosts;
import io.podyard.controlplane.hosttask.HostTaskRunner;
import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.hosttask.HostTasks;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tasks that capture packets; hosts keep what was captured until it is stored. */
@Configuration(proxyBeanMethods = false)
class Captures implements HostTasks<OpsTask> {

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final OpsTaskStore tasks;
  private final OpsWork work;
  private final int perHost;

  Captures(OpsTaskStore tasks, OpsWork work, PodyardSettings settings) {
    this.tasks = tasks;
    this.work = work;
    this.perHost = settings.ops().perHost();
  }

  @Bean
  HostTaskRunner<OpsTask> opsRunner(
      ShardLeases leases, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    return new HostTaskRunner<>(this, leases, hosts, runtimes, inventory);
  }

  @Override
  public Loop loop() {
    return Loop.OPS;
  }

  @Override
  public String doing() {
    return "capturing packets";
  }

  @Override
  public String kept() {
    return "captures";
  }

  @Override
  public int atOnce() {
    return perHost;
  }

  @Override
  public Duration betweenTries() {
    return BETWEEN_TRIES;
  }

  @Override
  public List<OpsTask> toDo(Set<Integer> shards, int resting) {
    return tasks.toDo(shards, perHost);
  }

  @Override
  public boolean carryOut(OpsTask task, Fence fence) {
    return work.carryOut(task, fence);
  }

  @Override
  public HostTaskTable table() {
    return tasks.table();
  }

  @Override
  public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return runtime.captures(installation, host);
  }

  @Override
  public void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    runtime.removeCapture(installation, host, task, fence);
  }
}
