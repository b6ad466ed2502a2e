package io.podyard.controlplane.commit;

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

/** Tasks that make images of containers; hosts keep the images until they are pushed. */
@Configuration(proxyBeanMethods = false)
class CommitImages implements HostTasks<CommitTask> {

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  private final CommitTaskStore tasks;
  private final CommitWork work;
  private final int perHost;

  CommitImages(CommitTaskStore tasks, CommitWork work, PodyardSettings settings) {
    this.tasks = tasks;
    this.work = work;
    this.perHost = settings.commits().perHost();
  }

  @Bean
  HostTaskRunner<CommitTask> commitRunner(
      ShardLeases leases, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    return new HostTaskRunner<>(this, leases, hosts, runtimes, inventory);
  }

  @Override
  public Loop loop() {
    return Loop.COMMIT;
  }

  @Override
  public String doing() {
    return "making an image";
  }

  @Override
  public String kept() {
    return "images";
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
  public List<CommitTask> toDo(Set<Integer> shards, int resting) {
    return tasks.toDo(shards, perHost + resting);
  }

  @Override
  public boolean carryOut(CommitTask task, Fence fence) throws InterruptedException {
    return work.carryOut(task, fence);
  }

  @Override
  public HostTaskTable table() {
    return tasks.table();
  }

  @Override
  public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return runtime.committed(installation, host);
  }

  @Override
  public void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    runtime.removeCommitted(installation, host, task, fence);
  }
}
