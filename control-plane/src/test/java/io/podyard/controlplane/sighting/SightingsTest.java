package io.podyard.controlplane.sighting;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SightingsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int SHARD = 0;
  private static final HostId HOST = new HostId("host-1");
  private static final HostId OTHER_HOST = new HostId("host-2");
  private static final ContainerGroupId GROUP = new ContainerGroupId("eci-1");
  private static final ContainerGroupId OTHER = new ContainerGroupId("eci-2");

  private TestDatabase database;
  private ProofsOfLife proofs;
  private Sightings sightings;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    database.jdbc().update("insert into shard_lease (shard, epoch) values (?, 1)", SHARD);
    proofs = new ProofsOfLife(database.jdbc());
    sightings = new Sightings(proofs);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  private static GroupState runs() {
    GroupState first =
        GroupState.initial(
            GroupSpec.of(
                "web",
                Size.of(1000, 1024),
                RestartPolicy.ALWAYS,
                ContainerSpec.of("app", "img", "sleep")));
    return new GroupState(
        GroupPhase.RUNNING,
        "",
        "",
        "10.0.0.7",
        START,
        START,
        START,
        null,
        null,
        List.of(
            new ContainerProgress(
                "app",
                2,
                1,
                new ContainerStatus.Running(START),
                null,
                0,
                null,
                START,
                true,
                "",
                0)),
        first.pulls(),
        1,
        null);
  }

  private static FoundGroup found(ContainerGroupId group, int attempt, boolean running) {
    return new FoundGroup(
        group,
        1,
        List.of(new FoundGroup.FoundContainer("id-" + attempt, "app", attempt, 1, running)));
  }

  private void epoch(long epoch) {
    database.jdbc().update("update shard_lease set epoch = ? where shard = ?", epoch, SHARD);
  }

  @Test
  void whoHasSeenNothingYetGoesByWhatTheLastDriverLeft() {
    sightings.tookOver(SHARD, 1, List.of(GROUP));
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isNull();
    sightings.driven(GROUP, HOST, SHARD, 1, at(5), runs());
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(5));
    assertThat(sightings.compare(SHARD, 1, at(6))).isEmpty();
    sightings.listed(HOST, at(8), List.of(found(GROUP, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(9))).isEmpty();
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(8));

    epoch(2);
    Sightings next = new Sightings(proofs);
    next.tookOver(SHARD, 2, List.of(GROUP));

    // The first proof came with the first comparison, the next one is not due yet.
    assertThat(next.lastSeen(GROUP, SHARD, 2)).isEqualTo(at(5));
    next.listed(HOST, at(900), List.of());
    assertThat(next.compare(SHARD, 2, at(901))).isEmpty();
    assertThat(next.lastSeen(GROUP, SHARD, 2)).isEqualTo(at(5));
    next.driven(GROUP, HOST, SHARD, 2, at(902), runs());
    assertThat(next.lastSeen(GROUP, SHARD, 2)).isEqualTo(at(902));
  }

  @Test
  void aProofIsStoredEveryTenSecondsAtMost() {
    sightings.tookOver(SHARD, 1, List.of());
    for (int second = 0; second < 40; second += 2) {
      sightings.driven(GROUP, HOST, SHARD, 1, at(second), runs());
      assertThat(sightings.compare(SHARD, 1, at(second + 1))).isEmpty();
      assertThat(proofs.last(SHARD)).contains(at(second / 10 * 10));
    }
  }

  @Test
  void whatVanishedIsToldAndHoldsTheProofBack() {
    sightings.tookOver(SHARD, 1, List.of(GROUP, OTHER));
    sightings.driven(GROUP, HOST, SHARD, 1, at(1), runs());
    sightings.driven(OTHER, HOST, SHARD, 1, at(2), runs());
    assertThat(sightings.compare(SHARD, 1, at(3))).isEmpty();
    assertThat(proofs.last(SHARD)).contains(at(1));

    sightings.listed(HOST, at(20), List.of(found(GROUP, 2, false), found(OTHER, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(21))).containsExactly(GROUP);
    sightings.listed(HOST, at(22), List.of(found(GROUP, 1, true), found(OTHER, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(23))).containsExactly(GROUP);
    sightings.listed(HOST, at(24), List.of(found(OTHER, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(25))).containsExactly(GROUP);

    assertThat(proofs.last(SHARD)).contains(at(1));
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(1));
    assertThat(sightings.lastSeen(OTHER, SHARD, 1)).isEqualTo(at(24));
    sightings.over(GROUP);
    assertThat(sightings.compare(SHARD, 1, at(26))).isEmpty();
    assertThat(proofs.last(SHARD)).contains(at(24));
  }

  @Test
  void whoeverWasSeenBySomethingToldAgainStaysSeenWhenOthersOfTheHostChange() {
    sightings.tookOver(SHARD, 1, List.of(GROUP, OTHER));
    sightings.driven(GROUP, HOST, SHARD, 1, at(1), runs());
    sightings.driven(OTHER, HOST, SHARD, 1, at(2), runs());
    sightings.listed(HOST, at(8), List.of(found(GROUP, 2, true), found(OTHER, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(9))).isEmpty();
    sightings.listedAgain(HOST, at(500));
    assertThat(sightings.compare(SHARD, 1, at(501))).isEmpty();
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(500));

    // What was asked before that says nothing new.
    sightings.listedAgain(HOST, at(400));
    sightings.driven(OTHER, HOST, SHARD, 1, at(505), runs());
    assertThat(sightings.compare(SHARD, 1, at(506))).isEmpty();
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(500));
    assertThat(sightings.lastSeen(OTHER, SHARD, 1)).isEqualTo(at(505));

    sightings.listed(HOST, at(510), List.of(found(OTHER, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(511))).containsExactly(GROUP);
    sightings.listedAgain(HOST, at(520));
    assertThat(sightings.compare(SHARD, 1, at(521))).containsExactly(GROUP);
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(500));
    assertThat(sightings.lastSeen(OTHER, SHARD, 1)).isEqualTo(at(520));
    assertThat(proofs.last(SHARD)).contains(at(500));
  }

  @Test
  void aGroupOfAnotherHostNowIsNotMissedOnItsFormerOne() {
    sightings.tookOver(SHARD, 1, List.of(GROUP));
    sightings.driven(GROUP, HOST, SHARD, 1, at(1), runs());
    sightings.driven(GROUP, OTHER_HOST, SHARD, 1, at(2), runs());
    sightings.listed(HOST, at(5), List.of());
    assertThat(sightings.compare(SHARD, 1, at(6))).isEmpty();
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(2));
    sightings.listed(OTHER_HOST, at(7), List.of(found(GROUP, 2, true)));
    assertThat(sightings.compare(SHARD, 1, at(8))).isEmpty();
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(7));
  }

  @Test
  void aHostThatIsNotSeenHoldsTheProofBack() {
    sightings.tookOver(SHARD, 1, List.of(GROUP, OTHER));
    sightings.driven(GROUP, HOST, SHARD, 1, at(1), runs());
    sightings.driven(OTHER, OTHER_HOST, SHARD, 1, at(2), runs());
    for (int second = 10; second < 60; second += 10) {
      sightings.listed(HOST, at(second), List.of(found(GROUP, 2, true)));
      assertThat(sightings.compare(SHARD, 1, at(second))).isEmpty();
    }

    assertThat(proofs.last(SHARD)).contains(at(2));
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isEqualTo(at(50));
  }

  @Test
  void nothingIsProvedWhileAGroupWasNotLookedAt() {
    sightings.driven(GROUP, HOST, SHARD, 1, at(1), runs());
    assertThat(sightings.compare(SHARD, 1, at(2))).isEmpty();
    assertThat(proofs.last(SHARD)).isEmpty();
    sightings.tookOver(SHARD, 1, List.of(GROUP, OTHER));
    assertThat(sightings.compare(SHARD, 1, at(3))).isEmpty();
    assertThat(proofs.last(SHARD)).isEmpty();

    sightings.over(OTHER);
    assertThat(sightings.compare(SHARD, 1, at(4))).isEmpty();

    assertThat(proofs.last(SHARD)).contains(at(1));
  }

  @Test
  void whoLostTheShardProvesNothingAndProofsNeverGoBack() {
    sightings.tookOver(SHARD, 1, List.of());
    assertThat(sightings.compare(SHARD, 1, at(1))).isEmpty();
    epoch(2);
    assertThat(sightings.compare(SHARD, 1, at(30))).isEmpty();
    assertThat(proofs.last(SHARD)).contains(at(1));

    proofs.store(SHARD, 2, at(50));
    proofs.store(SHARD, 2, at(40));
    assertThat(proofs.last(SHARD)).contains(at(50));

    // What an older epoch says is void once a newer one is known.
    assertThat(sightings.lastSeen(GROUP, SHARD, 2)).isEqualTo(at(50));
    sightings.driven(GROUP, HOST, SHARD, 1, at(60), runs());
    assertThat(sightings.lastSeen(GROUP, SHARD, 2)).isEqualTo(at(50));
    assertThat(sightings.lastSeen(GROUP, SHARD, 1)).isNull();
  }
}
