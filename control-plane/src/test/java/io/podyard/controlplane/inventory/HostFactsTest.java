package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state of a host follows from its facts, also where an earlier release writes them. */
class HostFactsTest {

  private static final HostId HOST = new HostId("h1");

  /** As the release wrote them that knew of cordons and unreachable hosts only. */
  private static final String OLD_CORDON =
      """
      update host
      set cordoned_at = coalesce(cordoned_at, now()), cordon_reason = 'old',
          state = case when unreachable_since is null then 'CORDONED' else state end
      """;

  private static final String OLD_UNCORDON =
      """
      update host
      set cordoned_at = null, cordon_reason = null,
          state = case when unreachable_since is null then 'READY' else state end
      """;

  private static final String OLD_SILENCE =
      """
      update host set unreachable_since = now(), state = 'UNREACHABLE'
      where unreachable_since is null
      """;

  private static final String OLD_RETURN =
      """
      update host
      set unreachable_since = null,
          state = case when cordoned_at is null then 'READY' else 'CORDONED' end
      where unreachable_since is not null
      """;

  private TestDatabase database;
  private HostLife life;
  private HostListing listing;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    TestHosts.add(database.jdbc(), 1, Size.of(8_000, 16_384));
    database.jdbc().update("update shard_lease set epoch = 1");
    life = new HostLife(database.jdbc());
    listing = new HostListing(database.jdbc());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private HostListing.ListedHost host() {
    return listing.find(HOST).orElseThrow();
  }

  private void old(String sql) {
    assertThat(database.jdbc().update(sql)).isEqualTo(1);
  }

  @Test
  void anEarlierReleaseCordonsWithoutEndingADrainAndUncordonsWithEndingIt() {
    assertThat(life.drain(HOST, Duration.ofHours(1), "new")).isTrue();
    assertThat(host().state()).isEqualTo("DRAINING");
    old(OLD_CORDON);
    assertThat(host().state()).isEqualTo("DRAINING");
    assertThat(host().cordonReason()).isEqualTo("old");
    assertThat(host().drain()).isNotNull();
    old(OLD_UNCORDON);
    assertThat(host().state()).isEqualTo("READY");
    assertThat(host().drain()).isNull();
  }

  @Test
  void anEarlierReleaseDoesNotTakeALostHostBack() {
    old(OLD_SILENCE);
    database.jdbc().update("update host set alarmed_at = now()");
    assertThat(host().alarmedAt()).isNotNull();
    database.jdbc().update("update host set lost_at = now()");
    assertThat(host().state()).isEqualTo("LOST");
    assertThat(host().alarmedAt()).isNull();
    old(OLD_CORDON);
    old(OLD_RETURN);
    assertThat(host().state()).isEqualTo("LOST");
    old(OLD_UNCORDON);
    assertThat(host().state()).isEqualTo("LOST");
    old(OLD_SILENCE);
    assertThat(host().state()).isEqualTo("LOST");

    assertThat(life.cleaned(HOST, 0, 2)).as("under another epoch").isFalse();
    assertThat(life.cleaned(HOST, 0, 1)).isTrue();
    assertThat(host().state()).isEqualTo("READY");
  }

  @Test
  void anAlarmEndsWithTheAnswerWhoeverNotesIt() {
    old(OLD_SILENCE);
    database.jdbc().update("update host set alarmed_at = now()");
    old(OLD_RETURN);
    assertThat(host().state()).isEqualTo("READY");
    assertThat(host().alarmedAt()).isNull();
  }

  @Test
  void aHostThatStillHoldsSomethingIsNotTakenBack() {
    database.jdbc().update("update host set unreachable_since = now(), lost_at = now()");
    database
        .jdbc()
        .update(
            "insert into reservation (group_id, host_id, milli_cpu, memory_mib)"
                + " values ('g', 'h1', 1000, 1024)");
    assertThat(life.holdsNothing(HOST)).isFalse();
    assertThat(life.cleaned(HOST, 0, 1)).isFalse();
    assertThat(host().state()).isEqualTo("LOST");
  }

  @Test
  void aDrainIsDueAtItsDeadlineAndNotAfterAnUncordon() {
    assertThat(life.drain(new HostId("h9"), Duration.ZERO, null)).isFalse();
    assertThat(life.drain(HOST, Duration.ofHours(1), null)).isTrue();
    assertThat(life.isToBeEmptied(HOST)).isFalse();
    assertThat(life.drain(HOST, Duration.ZERO, null)).isTrue();
    assertThat(life.isToBeEmptied(HOST)).isTrue();
    assertThat(life.uncordon(HOST)).isTrue();
    assertThat(life.isToBeEmptied(HOST)).isFalse();
    assertThat(life.drain(HOST, Duration.ZERO, null)).isTrue();
    assertThat(life.cordon(HOST, null)).isTrue();
    assertThat(life.isToBeEmptied(HOST)).isTrue();
  }
}
