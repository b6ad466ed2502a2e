package io.podyard.controlplane.app;

import io.podyard.controlplane.account.FirstAccount;
import io.podyard.controlplane.driving.Driving;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.WellKnownZones;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * What has to be there before the first request: the region, the first account, hosts and leases.
 * Runs before the web server opens its port.
 */
@Component
class Startup implements SmartLifecycle {

  private final PodyardSettings settings;
  private final Inventory inventory;
  private final FirstAccount firstAccount;
  private final HostRegistration hosts;
  private final DeclaredHosts declared;
  private final Placement placement;
  private final ShardLeases leases;
  private final Driving driving;
  private volatile boolean running;

  Startup(
      PodyardSettings settings,
      Inventory inventory,
      FirstAccount firstAccount,
      HostRegistration hosts,
      DeclaredHosts declared,
      Placement placement,
      ShardLeases leases,
      Driving driving) {
    this.settings = settings;
    this.inventory = inventory;
    this.firstAccount = firstAccount;
    this.hosts = hosts;
    this.declared = declared;
    this.placement = placement;
    this.leases = leases;
    this.driving = driving;
  }

  @Override
  public void start() {
    RegionId region = settings.regionId();
    List<ZoneId> zones = WellKnownZones.of(region, settings.zones());
    hosts.checkRegion(region);
    inventory.addZones(region, zones);
    firstAccount.ensure();
    hosts.register(region, zones);
    declared.start();
    placement.renew();
    driving.start();
    leases.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return 0;
  }
}
