package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.placement.MadeDecision.Outcome;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.Taken;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecisionLogTest {

  private static final AccountId ACCOUNT = new AccountId("a");
  private static final RegionId REGION = new RegionId("r");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g");
  private static final Size SIZE = Size.of(1000, 2048);

  private final SteppedTime clock = new SteppedTime(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  private final PlacementIndex index = new PlacementIndex(PlacementPolicy.FRAGMENTATION_AWARE);
  private TestDatabase database;
  private DecisionTable table;
  private DecisionLog log;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    table = new DecisionTable(database.jdbc(), clock);
    // Written when it is closed, and by no thread.
    log = new DecisionLog(table, "me", clock);
    for (int i = 1; i <= 4; i++) {
      index.put(
          new HostSnapshot(
              new HostId("h" + i),
              new PoolId("p"),
              REGION,
              new ZoneId("r-a"),
              Size.of(8000, 16_384),
              Size.of(1000 * i, 0),
              true));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Decision decision(PlacementRequest request) {
    return new Decision(index.explain(request), index.version());
  }

  private static PlacementRequest request(Size size) {
    return PlacementRequest.anywhereIn(REGION, size);
  }

  @Test
  void whatIsKeptIsReadAsItWasDecided() {
    Decision decision = decision(request(SIZE));
    assertThat(decision.explanation().best()).hasSize(3);
    log.placed(ACCOUNT, GROUP, new Placement.Pick(new HostId("h4"), Taken.of(SIZE), decision));
    MadeDecision made = log.of(GROUP).orElseThrow();
    assertThat(table.of(GROUP)).as("not written yet").isEmpty();
    log.close();
    assertThat(table.of(GROUP)).contains(made);
    assertThat(made.at()).isEqualTo(clock.instant());
    assertThat(made.decidedBy()).isEqualTo("me");
    assertThat(made.version()).isEqualTo(index.version());
    assertThat(made.facts().best()).isEqualTo(decision.explanation().best());
    assertThat(made.facts().wanted().size()).isEqualTo(SIZE);
  }

  @Test
  void aPickThatIsNotExplainedIsNotKept() {
    log.placed(ACCOUNT, GROUP, new Placement.Pick(new HostId("h4"), Taken.of(SIZE)));
    log.close();
    assertThat(table.page(null, null, 10)).isEmpty();
  }

  @Test
  void equalRefusalsOfAnAccountBecomeOneWithTheirNumber() {
    PlacementRequest large = request(Size.of(64_000, 1024));
    for (int i = 0; i < 3; i++) {
      log.refused(ACCOUNT, null, decision(large));
    }
    log.refused(new AccountId("b"), null, decision(large));
    log.refused(ACCOUNT, null, decision(large.withGpus(GpuRequest.whole(1))));
    log.refused(ACCOUNT, GROUP, decision(large));
    log.close();
    assertThat(table.page(Outcome.REFUSED, null, 10))
        .extracting(row -> row.decision().times())
        .containsExactly(1, 1, 1, 3);
    assertThat(table.of(GROUP)).map(MadeDecision::outcome).contains(Outcome.REFUSED);
    assertThat(table.page(Outcome.PLACED, null, 10)).isEmpty();
  }

  @Test
  void asManyWaitToBeWrittenAsMayAndTheOthersAreCounted() {
    Decision decision = decision(request(SIZE));
    for (int i = 0; i < DecisionLog.MOST_UNWRITTEN + 7; i++) {
      log.refused(ACCOUNT, new ContainerGroupId("g" + i), decision);
    }
    log.close();
    assertThat(log.kept()).isEqualTo(DecisionLog.MOST_UNWRITTEN);
    assertThat(log.leftOut()).isEqualTo(7);
  }

  @Test
  void whatIsOldOrBeyondTheMostIsForgotten() {
    Decision decision = decision(request(SIZE));
    for (int i = 0; i < 10; i++) {
      log.refused(ACCOUNT, new ContainerGroupId("g" + i), decision);
    }
    log.placed(ACCOUNT, GROUP, new Placement.Pick(new HostId("h4"), Taken.of(SIZE), decision));
    log.close();
    assertThat(table.forget(Outcome.REFUSED, 10)).isZero();
    assertThat(table.forget(Outcome.REFUSED, 4)).isEqualTo(6);
    assertThat(table.page(Outcome.REFUSED, null, 10))
        .extracting(row -> String.valueOf(row.decision().group()))
        .containsExactly("g9", "g8", "g7", "g6");
    assertThat(table.of(GROUP)).as("another outcome").isPresent();
    clock.advance(DecisionTable.KEPT.plus(Duration.ofSeconds(1)));
    table.forget();
    assertThat(table.page(null, null, 10)).isEmpty();
  }

  @Test
  void pagesGoOnWhereTheLastOneEnded() {
    Decision decision = decision(request(SIZE));
    for (int i = 0; i < 5; i++) {
      log.refused(ACCOUNT, new ContainerGroupId("g" + i), decision);
    }
    log.close();
    long last = table.page(null, null, 3).getLast().id();
    assertThat(table.page(null, last, 3))
        .extracting(row -> String.valueOf(row.decision().group()))
        .containsExactly("g1", "g0");
  }

  @Test
  void whatALaterReleaseWroteIsLeftOutIfItCannotBeRead() {
    log.refused(ACCOUNT, GROUP, decision(request(SIZE)));
    log.close();
    database.jdbc().update("update placement_decision set facts = facts || '{\"newer\": 1}'");
    assertThat(table.of(GROUP)).isPresent();
    database
        .jdbc()
        .update("update placement_decision set facts = facts || '{\"ruledOut\": {\"NEWER\": 1}}'");
    assertThat(table.of(GROUP)).isEmpty();
  }
}
