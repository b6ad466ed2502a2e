package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class WaitingGroupsTest {

  private static final HostId HOST = new HostId("h1");

  /** Reading the hosts ends in errors a few times. */
  private static final class Failing extends Inventory {
    private final AtomicInteger left = new AtomicInteger(3);

    Failing(JdbcTemplate jdbc) {
      super(jdbc);
    }

    @Override
    public List<KnownHost> hosts() {
      if (left.getAndDecrement() > 0) {
        throw new StackOverflowError("on purpose");
      }
      return super.hosts();
    }
  }

  @Test
  void anErrorInOneRoundOrOneWakeUpDoesNotEndThemAll() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(64_000, 128_000));
      ContainerGroupId first = groups.addWaiting("first");
      AtomicInteger woken = new AtomicInteger();
      Failing inventory = new Failing(database.jdbc());
      Placement placement = new Placement(inventory);
      placement.open(List.of(HOST));
      WaitingGroups waiting =
          groups.waiting(
              placement,
              (group, shard) -> {
                if (woken.incrementAndGet() == 1) {
                  throw new OutOfMemoryError("on purpose");
                }
              });
      waiting.start();
      try {
        Waiting.until("a host for the first", () -> hasHost(groups, first));
        ContainerGroupId second = groups.addWaiting("second");
        Waiting.until("a host for the second", () -> hasHost(groups, second));
        Waiting.until("both to be woken", () -> woken.get() == 2);
        assertThat(inventory.left.get()).isNegative();
      } finally {
        waiting.close();
      }
    }
  }

  private static boolean hasHost(StoredGroups groups, ContainerGroupId group) {
    return groups.store().hostOf(group).equals(Optional.of(HOST));
  }
}
