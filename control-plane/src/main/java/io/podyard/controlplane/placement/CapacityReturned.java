package io.podyard.controlplane.placement;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** Tells that a host has room again: the picture of the hosts, and groups that wait. */
@Component
public class CapacityReturned {

  private final Placement placement;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public CapacityReturned(Placement placement) {
    this.placement = placement;
  }

  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Hosts take groups again that did not. */
  public void toHosts() {
    placement.renew();
    listeners.forEach(Runnable::run);
  }

  /** Hosts take groups again that were passed over; the picture of them has it already. */
  public void toPassedOver() {
    listeners.forEach(Runnable::run);
  }

  public void to(HostId host, Size size) {
    placement.released(host, size);
    listeners.forEach(Runnable::run);
  }
}
