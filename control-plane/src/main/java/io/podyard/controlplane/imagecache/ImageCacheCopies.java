package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.cache.CopiesOnHosts;
import io.podyard.controlplane.hosttask.DrivenHosts;
import io.podyard.controlplane.hosttask.HostTaskRunner;
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
import java.time.Clock;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What hosts hold of image caches. */
@Configuration(proxyBeanMethods = false)
class ImageCacheCopies extends CopiesOnHosts {

  private final CopyWork work;

  ImageCacheCopies(
      CopyStore copies,
      CopyWork work,
      HoldingHosts holding,
      PodyardSettings settings,
      Clock clock) {
    super(Loop.IMAGE_CACHES, copies, holding, clock, settings.imageCaches().perHost());
    this.work = work;
  }

  @Bean
  HostTaskRunner<CacheCopy> imageCacheRunner(
      ShardLeases leases, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    return new HostTaskRunner<>(this, leases, hosts, runtimes, inventory);
  }

  @Override
  public String doing() {
    return "holding images";
  }

  @Override
  public String kept() {
    return "held images";
  }

  @Override
  public boolean carryOut(CacheCopy copy, Fence fence) throws InterruptedException {
    return work.carryOut(copy, fence);
  }

  @Override
  protected Set<String> held(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return runtime.held(installation, host);
  }

  @Override
  protected void release(
      GroupRuntime runtime, InstallationId installation, HostId host, String key, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    runtime.release(installation, host, key, fence);
  }
}
