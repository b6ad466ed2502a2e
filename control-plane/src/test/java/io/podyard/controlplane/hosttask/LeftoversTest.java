package io.podyard.controlplane.hosttask;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which hosts are asked for what they keep, and what is removed from them. */
class LeftoversTest {

  private static final int HOSTS = 40;
  private static final HostId HOST = new HostId("h7");

  private final Map<HostId, Set<String>> kept = new ConcurrentHashMap<>();
  private final Set<HostId> asked = ConcurrentHashMap.newKeySet();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private volatile boolean silent;
  private TestDatabase database;
  private Placement placement;
  private ShardLeases leases;
  private Runtimes runtimes;
  private Leftovers leftovers;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    TestHosts.add(database.jdbc(), HOSTS, Size.of(8_000, 16_384));
    database
        .jdbc()
        .execute(
            "create table thing (id text, shard int, host_id text, finished_at timestamptz,"
                + " cleared_at timestamptz)");
    Inventory inventory = new Inventory(database.jdbc());
    placement = new Placement(inventory);
    placement.renew();
    runtimes = new Runtimes(placement);
    runtimes.add(new PodRuntime("simulated", _ -> null, Clock.systemUTC(), PodSettings.DEFAULTS));
    leases = new ShardLeases(database.dataSource(), "test", System::nanoTime);
    leases.start();
    Waiting.until("a lease", () -> leases.held(0).isPresent());
    leftovers =
        new Leftovers(
            new Things(), new DrivenHosts(leases, placement), runtimes, inventory, nanos::get);
  }

  @AfterEach
  void close() {
    leases.close();
    runtimes.close();
    database.close();
  }

  @Test
  void hostsWithoutTasksAreAskedWhenTheyComeAndThenNowAndThen() {
    assertThat(sweep()).hasSize(HOSTS);
    assertThat(sweep()).isEmpty();
    pass(Leftovers.QUIET.dividedBy(2).minusSeconds(1));
    assertThat(sweep()).isEmpty();
    pass(Leftovers.QUIET.dividedBy(4));
    assertThat(sweep()).as("not all together").hasSizeBetween(1, HOSTS - 1);
    pass(Leftovers.QUIET);
    assertThat(sweep()).hasSize(HOSTS);
  }

  @Test
  void aHostThatIsNewOrReturnsIsAskedAtOnce() {
    sweep();
    database.jdbc().update("delete from host where id = ?", HOST.value());
    placement.renew();
    assertThat(sweep()).isEmpty();
    database.jdbc().update("update host set id = ? where id = 'h1'", HOST.value());
    placement.renew();
    assertThat(sweep()).containsExactly(HOST);
  }

  @Test
  void hostsWithTasksAreAskedEachTime() {
    thing("under-way", "null");
    sweep();
    assertThat(sweep()).containsExactly(HOST);
    database.jdbc().update("delete from thing");
    pass(Leftovers.RECENT.minusSeconds(1));
    assertThat(sweep()).contains(HOST);
    pass(Duration.ofSeconds(1));
    sweep();
    assertThat(sweep()).as("ten minutes later").isEmpty();
    thing("of another shard", "null");
    database.jdbc().update("update thing set shard = 1");
    assertThat(sweep()).isEmpty();
    thing("over", "now() - interval '1 hour'");
    assertThat(sweep()).isEmpty();
    thing("over", "now()");
    assertThat(sweep()).containsExactly(HOST);
    assertThat(sweep()).containsExactly(HOST);
  }

  @Test
  void aHostThatDidNotAnswerIsAskedAgainSoon() {
    silent = true;
    sweep();
    assertThat(sweep()).hasSize(HOSTS);
    silent = false;
    sweep();
    assertThat(sweep()).isEmpty();
  }

  @Test
  void whatBelongsToNoTaskGoesWhenItIsFoundAgain() {
    thing("known", "null");
    thing("cleared", "now()");
    kept.put(HOST, Set.of("known", "cleared", "unknown"));
    sweep();
    assertThat(kept.get(HOST)).containsExactlyInAnyOrder("known", "cleared", "unknown");
    sweep();
    assertThat(kept.get(HOST)).containsExactly("known");
  }

  @Test
  void whatIsFoundWithoutAnyTaskIsLookedForAtOnce() {
    kept.put(HOST, Set.of("unknown"));
    sweep();
    assertThat(kept.get(HOST)).containsExactly("unknown");
    assertThat(sweep()).containsExactly(HOST);
    assertThat(kept.get(HOST)).isEmpty();
    assertThat(sweep()).as("once more: it may have come again").containsExactly(HOST);
    assertThat(sweep()).isEmpty();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** The hosts that were asked. */
  private Set<HostId> sweep() {
    asked.clear();
    Rounds rounds = new Rounds(LoggerFactory.getLogger(LeftoversTest.class), Loop.OPS, "test", 1);
    leftovers.sweep(rounds);
    rounds.stop();
    return Set.copyOf(asked);
  }

  private void thing(String id, String over) {
    database
        .jdbc()
        .update("insert into thing values (?, 0, ?, %1$s, %1$s)".formatted(over), id, HOST.value());
  }

  /** Tasks that nothing is done for. */
  private final class Things implements HostTasks<HostTask> {

    @Override
    public Loop loop() {
      return Loop.OPS;
    }

    @Override
    public String doing() {
      return "doing things";
    }

    @Override
    public String kept() {
      return "things";
    }

    @Override
    public int atOnce() {
      return 1;
    }

    @Override
    public Duration betweenTries() {
      return Duration.ofSeconds(1);
    }

    @Override
    public List<HostTask> toDo(Set<Integer> shards, int resting) {
      return List.of();
    }

    @Override
    public boolean carryOut(HostTask task, Fence fence) {
      return true;
    }

    @Override
    public HostTaskTable table() {
      return new HostTaskTable(database.jdbc(), "thing");
    }

    @Override
    public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
        throws RuntimeUnavailableException {
      asked.add(host);
      if (silent) {
        throw new RuntimeUnavailableException("on purpose");
      }
      return kept.getOrDefault(host, Set.of());
    }

    @Override
    public void remove(
        GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence) {
      Set<String> left = new HashSet<>(kept.getOrDefault(host, Set.of()));
      left.remove(task);
      kept.put(host, Set.copyOf(left));
    }
  }
}
