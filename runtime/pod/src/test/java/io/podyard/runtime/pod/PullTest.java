package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.PullProgress;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PullTest {

  private static final ImageView.Failed DENIED =
      new ImageView.Failed("ErrImagePull", "access denied", 0);

  private static GroupSpec spec(ContainerSpec... containers) {
    return Specs.of(RestartPolicy.ALWAYS, List.of(), List.of(containers), null);
  }

  private static ContainerSpec app(String image, PullPolicy policy) {
    return Specs.container("app", image, policy);
  }

  @Test
  void allImagesOfAGroupAreFetchedAtOnceAndTheMeterStartsBefore() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(Specs.container("init", "one", PullPolicy.IF_NOT_PRESENT)),
                List.of(
                    Specs.container("app", "two", PullPolicy.IF_NOT_PRESENT),
                    Specs.container("side", "one", PullPolicy.IF_NOT_PRESENT)),
                null));
    pod.engine.pullTakes = Duration.ofSeconds(7);
    pod.engine.lives("init", Life.ends(0));

    GroupState state = pod.drive();

    assertThat(pod.engine.calls()).containsExactly("sandbox", "pull one 0", "pull two 0");
    assertThat(state.phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(state.chargedFrom()).isEqualTo(SteppedClock.START);
    assertThat(state.pulls()).extracting(PullProgress::image).containsExactly("one", "two");
    assertThat(pod.waiting("init").reason()).isEqualTo("ContainerCreating");
    assertThat(pod.container("init").attempt()).isZero();

    pod.driveTo(GroupPhase.RUNNING);
    assertThat(pod.stored.pull("one").orElseThrow().finishedAt())
        .isEqualTo(SteppedClock.START.plusSeconds(7));
    assertThat(pod.occurrences)
        .anySatisfy(
            o -> assertThat(o.message()).isEqualTo("Successfully pulled image \"two\" in 7.000s"));
  }

  @Test
  void waitingForAFetchSendsItOnce() throws Exception {
    TestPod pod = new TestPod(spec(app("far", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.pullTakes = Duration.ofMinutes(2);

    pod.drive();
    pod.after(Duration.ofSeconds(5));
    pod.after(Duration.ofSeconds(5));

    assertThat(pod.engine.calls()).containsExactly("sandbox", "pull far 0");
    assertThat(pod.history).hasSize(1);
  }

  @Test
  void aPresentImageIsNotFetchedUnlessThePolicySaysAlways() throws Exception {
    TestPod lazy = new TestPod(spec(app(Specs.IMAGE, PullPolicy.IF_NOT_PRESENT)));
    assertThat(lazy.drive().pulls()).isEmpty();

    TestPod eager = new TestPod(spec(app(Specs.IMAGE, PullPolicy.ALWAYS)));
    eager.engine.pullTakes = Duration.ofSeconds(1);
    assertThat(eager.drive().phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(eager.after(Duration.ofSeconds(1)).phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(eager.engine.calls()).containsOnlyOnce("pull img 0");
  }

  @Test
  void alwaysFetchesOnceAtTheStartOfTheGroupAndNotForEachAttempt() throws Exception {
    TestPod pod = new TestPod(spec(app(Specs.IMAGE, PullPolicy.ALWAYS)));
    pod.engine.lives("app", Life.ends(1));

    pod.drive();
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(10));

    assertThat(pod.container("app").attempt()).isEqualTo(3);
    assertThat(pod.engine.calls()).containsOnlyOnce("pull img 0").doesNotContain("pull img 1");
  }

  @Test
  void aFreshProcessDoesNotTakeAnOldImageForTheNewOne() throws Exception {
    TestPod pod = new TestPod(spec(app(Specs.IMAGE, PullPolicy.ALWAYS)));
    pod.engine.gate(Gates.failingBefore("pull img 0"));
    Gates.expectCrash(pod);
    assertThat(pod.stored.pull(Specs.IMAGE)).isPresent();

    pod.engine.gate(Gates.OPEN);
    pod.restart();
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls()).contains("pull img 0");
  }

  @Test
  void aFailedRefetchIsAnErrorAlthoughTheImageIsPresent() throws Exception {
    TestPod pod = new TestPod(spec(app(Specs.IMAGE, PullPolicy.ALWAYS)));
    pod.engine.failPulls(Specs.IMAGE, DENIED);

    pod.drive();
    assertThat(pod.waiting("app").reason()).isEqualTo("ErrImagePull");
    assertThat(pod.waiting("app").message()).isEqualTo("access denied");
    assertThat(pod.container("app").attempt()).isZero();

    assertThat(pod.after(Duration.ofSeconds(10)).phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void failedFetchesAreRepeatedWithDoublingDelays() throws Exception {
    TestPod pod = new TestPod(spec(app("bad", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.failPulls("bad", DENIED, DENIED, DENIED);

    pod.drive();
    assertThat(pod.stored.pull("bad").orElseThrow())
        .satisfies(
            p -> {
              assertThat(p.failures()).isEqualTo(1);
              assertThat(p.reason()).isEqualTo("ErrImagePull");
              assertThat(p.notBefore()).isEqualTo(SteppedClock.START.plusSeconds(10));
            });
    assertThat(pod.waiting("app").reason()).isEqualTo("ErrImagePull");
    assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(2));

    pod.after(Duration.ofSeconds(2));
    assertThat(pod.waiting("app").reason()).isEqualTo("ImagePullBackOff");
    assertThat(pod.waiting("app").message()).contains("bad").contains("access denied");
    assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(10));

    pod.after(Duration.ofSeconds(8));
    assertThat(pod.stored.pull("bad").orElseThrow().notBefore())
        .isEqualTo(SteppedClock.START.plusSeconds(30));
    pod.after(Duration.ofSeconds(20));
    assertThat(pod.stored.pull("bad").orElseThrow().notBefore())
        .isEqualTo(SteppedClock.START.plusSeconds(70));

    assertThat(pod.after(Duration.ofSeconds(40)).phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.engine.calls())
        .containsSubsequence("pull bad 0", "pull bad 1", "pull bad 2", "pull bad 3");
    assertThat(pod.told()).contains("Pulling", "Failed", "BackOff", "Pulled");
  }

  @Test
  void theDelayBetweenFetchesIsCapped() {
    assertThat(PodSettings.DEFAULTS.pullDelay(1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(PodSettings.DEFAULTS.pullDelay(5)).isEqualTo(Duration.ofSeconds(160));
    assertThat(PodSettings.DEFAULTS.pullDelay(6)).isEqualTo(Duration.ofMinutes(5));
    assertThat(PodSettings.DEFAULTS.pullDelay(1_000_000)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aRegistryMayAskForALongerDelay() throws Exception {
    TestPod pod = new TestPod(spec(app("busy", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.failPulls("busy", new ImageView.Failed("ErrImagePull", "too many requests", 90));

    pod.drive();

    Instant notBefore = Objects.requireNonNull(pod.stored.pull("busy").orElseThrow().notBefore());
    assertThat(notBefore)
        .isBetween(SteppedClock.START.plusSeconds(90), SteppedClock.START.plusMillis(112_500));
    pod.after(Duration.ofSeconds(89));
    assertThat(pod.engine.calls()).doesNotContain("pull busy 1");
    assertThat(pod.after(Duration.between(pod.clock.instant(), notBefore)).phase())
        .isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void groupsThatOneLimitRefusedDoNotComeBackTogether() throws Exception {
    List<Instant> backAt = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      TestPod pod = new TestPod(spec(app("busy", PullPolicy.IF_NOT_PRESENT)));
      pod.group = new ContainerGroupId("eci-" + i);
      pod.engine.failPulls("busy", new ImageView.Failed("ErrImagePull", "too many requests", 3600));
      pod.drive();
      Instant notBefore = Objects.requireNonNull(pod.stored.pull("busy").orElseThrow().notBefore());
      pod.restart();
      pod.drive();
      assertThat(pod.stored.pull("busy").orElseThrow().notBefore()).isEqualTo(notBefore);
      backAt.add(notBefore);
    }

    Instant wished = SteppedClock.START.plusSeconds(3600);
    assertThat(backAt).allMatch(at -> !at.isBefore(wished)).doesNotHaveDuplicates();
    assertThat(backAt).allMatch(at -> !at.isAfter(wished.plusSeconds(300)));
    // Five minutes for fifty: no more than a few within any of ten half minutes.
    assertThat(
            backAt.stream()
                .collect(
                    Collectors.groupingBy(
                        at -> Duration.between(wished, at).toSeconds() / 30, Collectors.counting()))
                .values())
        .allMatch(at -> at <= 12);
  }

  @Test
  void whereTheRegistryAsksForLessItIsTheDelayOfOurOwnAndALittleMore() throws Exception {
    TestPod pod = new TestPod(spec(app("busy", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.failPulls("busy", new ImageView.Failed("ErrImagePull", "too many requests", 1));

    pod.drive();

    assertThat(pod.stored.pull("busy").orElseThrow().notBefore())
        .isBetween(SteppedClock.START.plusSeconds(10), SteppedClock.START.plusMillis(12_500));
  }

  @Test
  void aNameThatIsNoneStaysOne() throws Exception {
    TestPod pod = new TestPod(spec(app("Bad Name", PullPolicy.IF_NOT_PRESENT)));
    ImageView.Failed invalid = new ImageView.Failed("InvalidImageName", "no such name", 0);
    pod.engine.failPulls("Bad Name", invalid, invalid);

    pod.drive();
    pod.after(Duration.ofSeconds(5));

    assertThat(pod.waiting("app").reason()).isEqualTo("InvalidImageName");
  }

  @Test
  void neverWaitsForWhatIsAbsentAndStartsOnceItIsPresent() throws Exception {
    TestPod pod = new TestPod(spec(app("own", PullPolicy.NEVER)));

    pod.drive();
    assertThat(pod.waiting("app").reason()).isEqualTo("ErrImageNeverPull");
    assertThat(pod.stored.pulls()).isEmpty();
    int commits = pod.history.size();
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.history).hasSize(commits);
    assertThat(pod.told()).containsOnlyOnce("ErrImageNeverPull");

    pod.engine.present("own");
    assertThat(pod.after(Duration.ofSeconds(10)).phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.engine.calls()).noneMatch(c -> c.startsWith("pull"));
  }

  @Test
  void aContainerRunsWhileAnotherOnesImageFailsButTheGroupIsPendingAndFailsInTheEnd()
      throws Exception {
    TestPod pod =
        new TestPod(spec(Specs.container("app"), Specs.container("b", "bad", PullPolicy.ALWAYS)));
    pod.engine.failPulls("bad", Collections.nCopies(200, DENIED).toArray(ImageView.Failed[]::new));

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.stored.runningSince()).isEqualTo(SteppedClock.START);
    assertThat(pod.waiting("b").reason()).isEqualTo("ErrImagePull");

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(pod.history).noneMatch(s -> s.phase() == GroupPhase.RUNNING);
    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
    assertThat(pod.ended("b").reason()).isEqualTo("PendingTimeout");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3600));
  }

  @Test
  void aGroupRunsOnceEachOfItsContainersHasStarted() throws Exception {
    TestPod pod =
        new TestPod(spec(Specs.container("app"), Specs.container("b", "bad", PullPolicy.ALWAYS)));
    pod.engine.failPulls("bad", DENIED);

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.STARTING);
    GroupState state = pod.after(Duration.ofSeconds(10));

    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(state.runningSince()).isEqualTo(SteppedClock.START);
    assertThat(pod.after(Duration.ofHours(2)).phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void theTimeAGroupMayBeActiveBeginsWithItsFirstContainer() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(),
                List.of(Specs.container("app"), Specs.container("b", "bad", PullPolicy.ALWAYS)),
                100L));
    pod.engine.failPulls("bad", Collections.nCopies(200, DENIED).toArray(ImageView.Failed[]::new));

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("DeadlineExceeded");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(100));
  }

  @Test
  void whatARegistrySaysIsStoredAsPlainWordsOfBoundedLength() throws Exception {
    TestPod pod = new TestPod(spec(app("bad", PullPolicy.IF_NOT_PRESENT)));
    String hostile = "denied\u0000\u001b[31m\ud800 by é" + "x".repeat(3_000_000);
    pod.engine.failPulls("bad", new ImageView.Failed("ErrImagePull", hostile, 0));

    pod.drive();

    assertThat(pod.stored.pull("bad").orElseThrow().message())
        .startsWith("denied??[31m? by éxxx")
        .endsWith("x...")
        .hasSize(PlainWords.LONGEST_MESSAGE + 3);
    assertThat(pod.waiting("app").message()).hasSize(PlainWords.LONGEST_MESSAGE + 3);
    assertThat(pod.occurrences).allMatch(o -> o.message().chars().allMatch(c -> c >= ' '));
  }

  @Test
  void anImageThatVanishedIsFetchedAgainForTheNextAttempt() throws Exception {
    TestPod pod = new TestPod(spec(app("far", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.lives("app", Life.ends(1));
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(1));
    pod.engine.absent("far");
    pod.engine.pullTakes = Duration.ofSeconds(4);

    pod.drive();

    assertThat(pod.container("app").attempt()).isEqualTo(1);
    assertThat(pod.waiting("app").reason()).isEqualTo("ContainerCreating");
    pod.after(Duration.ofSeconds(4));
    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(pod.engine.calls())
        .containsSubsequence("pull far 0", "start app 1", "pull far 0", "create app 2");
  }

  @Test
  void aGroupThatDoesNotGetGoingFailsAtItsDeadline() throws Exception {
    TestPod pod = new TestPod(spec(app("bad", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.failPulls("bad", Collections.nCopies(200, DENIED).toArray(ImageView.Failed[]::new));

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(state.message())
        .startsWith("The group did not run within 60 minutes: container app was waiting, ")
        .contains("PullBackOff: ");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3600));
    assertThat(pod.ended("app").reason()).isEqualTo("PendingTimeout");
    assertThat(pod.clock.instant()).isEqualTo(SteppedClock.START.plusSeconds(3600));
  }

  @Test
  void aDeadlineMissedWhileNobodyLookedEndsTheMeterWhereItWas() throws Exception {
    TestPod pod = new TestPod(spec(app("bad", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.failPulls("bad", DENIED);
    pod.drive();

    GroupState state = pod.after(Duration.ofHours(5));

    assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3600));
  }

  @Test
  void anEndedContainerDoesNotKeepAGroupPendingForEver() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.NEVER,
                List.of(),
                List.of(Specs.container("app"), Specs.container("b", "bad", PullPolicy.ALWAYS)),
                null));
    pod.engine.lives("app", Life.ends(0));
    pod.engine.failPulls("bad", Collections.nCopies(200, DENIED).toArray(ImageView.Failed[]::new));

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(pod.ended("app").finishedAt()).isEqualTo(SteppedClock.START.plusSeconds(1));
    // Pending is charged until somebody ends it.
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3600));
  }

  private static GroupSpec fromCache(PullPolicy policy) {
    return spec(app("far", policy))
        .withCachedImages(List.of(new CachedImage("far", "sha256:1", "imc-1.1")));
  }

  private static ImageView.Present there(String... digests) {
    return ImageView.Present.holding(
        Stream.of(digests).collect(Collectors.toMap(digest -> digest, _ -> 700L)));
  }

  @Test
  void theImageOfACacheThatTheHostHasIsTakenInTheStepsOfAnyImageThatIsThere() throws Exception {
    TestPod any = new TestPod(spec(app("far", PullPolicy.IF_NOT_PRESENT)));
    any.engine.present("far");
    any.driveTo(GroupPhase.RUNNING);

    TestPod pod = new TestPod(fromCache(PullPolicy.IF_NOT_PRESENT));
    pod.engine.present("far");
    pod.engine.arrivals.put("far", there("sha256:0", "sha256:1"));
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls()).isEqualTo(any.engine.calls()).noneMatch(c -> c.contains("pull"));
    assertThat(pod.history).hasSameSizeAs(any.history);
    PullProgress pull = pod.stored.pull("far").orElseThrow();
    assertThat(pull.finishedAt()).isEqualTo(pull.startedAt());
    assertThat(pull.bytes()).isEqualTo(700);
    assertThat(pull.totalBytes()).isEqualTo(700);
    assertThat(pull.registryBytes()).isZero();
    assertThat(pull.cache()).isEqualTo("imc-1.1");
    assertThat(pod.told()).doesNotContain("Pulling").containsOnlyOnce("Pulled");
    assertThat(pod.occurrences)
        .anySatisfy(
            o ->
                assertThat(o.message())
                    .isEqualTo(
                        "Container image \"far\" already present on machine. Image size: 700 bytes,"
                            + " from its registry: 0, from image cache imc-1.1: 700 bytes"
                            + " not pulled"));
  }

  @Test
  void anotherImageOfTheNameIsNotTheCaches() throws Exception {
    TestPod pod = new TestPod(fromCache(PullPolicy.IF_NOT_PRESENT));
    pod.engine.present("far");
    pod.engine.arrivals.put("far", there("sha256:0"));

    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls()).containsOnlyOnce("pull far 0");
  }

  @Test
  void whoAlwaysAsksAsksAlsoWhereTheHostHasTheCache() throws Exception {
    TestPod pod = new TestPod(fromCache(PullPolicy.ALWAYS));
    pod.engine.present("far");
    pod.engine.arrivals.put("far", there("sha256:1"));

    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls()).containsOnlyOnce("pull far 0");
  }

  @Test
  void anImageOfACacheIsAskedForAlthoughOneOfItsNameIsThere() throws Exception {
    TestPod pod = new TestPod(fromCache(PullPolicy.IF_NOT_PRESENT));
    pod.engine.present("far");
    pod.engine.arrivals.put("far", new ImageView.Present(700, 0, "imc-1.1"));

    pod.drive();
    assertThat(pod.engine.calls()).contains("pull far 0");
    // Whoever goes on cannot tell which image of that name is there.
    pod.restart();
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.stored.pull("far").orElseThrow())
        .satisfies(
            pull -> {
              assertThat(pull.totalBytes()).isEqualTo(700);
              assertThat(pull.registryBytes()).isZero();
              assertThat(pull.cache()).isEqualTo("imc-1.1");
            });
    assertThat(pod.occurrences)
        .anySatisfy(
            o ->
                assertThat(o.message())
                    .endsWith(
                        ". Image size: 700 bytes, from its registry: 0, from image cache imc-1.1:"
                            + " 700 bytes not pulled"));
  }

  @Test
  void itIsToldHowMuchSoonerAnImageOfACacheWasThereThanFromItsRegistry() throws Exception {
    GroupSpec spec =
        spec(app("far", PullPolicy.IF_NOT_PRESENT))
            .withCachedImages(List.of(new CachedImage("far", "sha256:1", "imc-1.1", 100)));
    TestPod pod = new TestPod(spec);
    pod.engine.arrivals.put("far", new ImageView.Present(700, 0, "imc-1.1"));
    pod.engine.pullTakes = Duration.ofSeconds(2);

    pod.driveTo(GroupPhase.RUNNING);

    PullProgress pull = pod.stored.pull("far").orElseThrow();
    Duration took = Duration.between(pull.startedAt(), Objects.requireNonNull(pull.finishedAt()));
    assertThat(took).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    Duration saved = Duration.ofSeconds(7).minus(took);
    assertThat(spec.cached("far").orElseThrow().saved(pull)).contains(saved);
    assertThat(pod.occurrences)
        .anySatisfy(
            o ->
                assertThat(o.message())
                    .endsWith(
                        ": 700 bytes not pulled, about %d.%03ds saved"
                            .formatted(saved.toSeconds(), saved.toMillisPart())));
    assertThat(new CachedImage("far", "sha256:1", "imc-1.1", 1_000_000).saved(pull))
        .as("a fast registry")
        .contains(Duration.ZERO);
    assertThat(new CachedImage("far", "sha256:1", "imc-2.1", 100).saved(pull))
        .as("another cache")
        .isEmpty();
  }

  @Test
  void aLongFetchTellsHowFarItIsButNotEachByte() throws Exception {
    TestPod pod = new TestPod(spec(app("far", PullPolicy.IF_NOT_PRESENT)));
    pod.engine.pullTakes = Duration.ofMinutes(2);
    pod.drive();
    assertThat(pod.stored.pull("far").orElseThrow().totalBytes()).isZero();

    pod.engine.pulledBytes = 1000;
    pod.after(Duration.ofSeconds(5));
    assertThat(pod.stored.pull("far").orElseThrow().bytes()).isEqualTo(1000);
    assertThat(pod.stored.pull("far").orElseThrow().totalBytes()).isEqualTo(2000);
    assertThat(pod.stored.pull("far").orElseThrow().registryBytes()).isEqualTo(500);
    assertThat(pod.waiting("app").message())
        .isEqualTo("waits for its image, of which 1000 of 2000 bytes are there");

    pod.engine.pulledBytes = 1099;
    pod.after(Duration.ofSeconds(5));
    assertThat(pod.stored.pull("far").orElseThrow().bytes()).isEqualTo(1000);
    pod.engine.pulledBytes = 1100;
    pod.after(Duration.ofSeconds(5));
    assertThat(pod.stored.pull("far").orElseThrow().bytes()).isEqualTo(1100);
  }
}
