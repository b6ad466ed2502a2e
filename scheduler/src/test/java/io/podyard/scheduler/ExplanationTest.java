package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.HANGZHOU;
import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.in;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.needInZone;
import static io.podyard.scheduler.Hosts.notReady;
import static io.podyard.scheduler.Hosts.reserved;
import static io.podyard.scheduler.Hosts.size;
import static io.podyard.scheduler.Hosts.zone;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.Size;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  /** One host for every reason. */
  private static PlacementIndex oneOfEach() {
    return index(
        in(host("elsewhere", 96, 384), HANGZHOU, zone("g")),
        notReady(host("drained", 96, 384)),
        reserved(host("full", 96, 384), 95, 383),
        reserved(host("busy", 96, 384), 90, 100),
        reserved(host("fat", 96, 384), 10, 376));
  }

  @Test
  void everyHostCountsUnderOneReason() {
    Explanation explanation = oneOfEach().explain(needInZone("b", 8, 16));

    assertThat(explanation.ruledOut())
        .isEqualTo(
            Map.of(
                RuledOut.WRONG_ZONE, 1,
                RuledOut.NOT_READY, 1,
                RuledOut.NOT_ENOUGH_CPU_AND_MEMORY, 1,
                RuledOut.NOT_ENOUGH_CPU, 1,
                RuledOut.NOT_ENOUGH_MEMORY, 1));
    assertThat(explanation.hostsLookedAt()).isEqualTo(5);
    assertThat(explanation.hostsFitting()).isZero();
    assertThat(explanation.couldEverFit()).isTrue();
  }

  @Test
  void onlyTheHostThatKeepsTheDisksOfARequestWillDo() {
    PlacementIndex hosts =
        index(
            reserved(host("a", 8, 16), 7, 0),
            host("b", 8, 16),
            in(host("c", 8, 16), HANGZHOU, zone("g")));
    PlacementRequest request = needInZone("b", 2, 4).onHost(host("a", 8, 16).id());

    assertThat(hosts.pick(request)).isInstanceOf(NotPlaced.class);
    Explanation explanation = hosts.explain(request);
    assertThat(explanation.ruledOut())
        .isEqualTo(
            Map.of(RuledOut.WRONG_ZONE, 1, RuledOut.OTHER_HOST, 1, RuledOut.NOT_ENOUGH_CPU, 1));
    assertThat(explanation.missing()).isEqualTo(size(1, 0));
    assertThat(explanation.couldEverFit()).isTrue();
    assertThat(explanation.sentence()).contains("1 without its disks").doesNotContain(" a ");

    Explanation tooLarge = hosts.explain(needInZone("b", 9, 4).onHost(host("a", 8, 16).id()));
    assertThat(tooLarge.couldEverFit()).isFalse();
    assertThat(tooLarge.sentence()).contains("of 1 host the largest offers 8 vCPU");
    Explanation gone = hosts.explain(need(2, 4).onHost(host("z", 8, 16).id()));
    assertThat(gone.couldEverFit()).isFalse();
    assertThat(gone.sentence()).contains("The host that keeps its disks is not among the hosts");
    assertThat(hosts.pick(needInZone("b", 1, 4).onHost(host("a", 8, 16).id())))
        .isInstanceOf(PlacementDecision.Placed.class);
  }

  @Test
  void whatIsMissingIsMeasuredAgainstTheHostThatComesClosest() {
    Explanation explanation = oneOfEach().explain(needInZone("b", 8, 16));

    assertThat(explanation.largestFree()).isEqualTo(size(86, 8));
    // busy lacks 2 vCPU, fat lacks 8 GiB: the same weight, and busy was there first by its id.
    assertThat(explanation.missing()).isEqualTo(size(2, 0));
  }

  @Test
  void theSentenceHasTheNumbersAndNoHostNames() {
    PlacementDecision decision = oneOfEach().pick(needInZone("b", 8, 16));

    assertThat(decision).isInstanceOf(NotPlaced.class);
    String sentence = ((NotPlaced) decision).explanation().sentence();
    assertThat(sentence)
        .isEqualTo(
            "None of 5 hosts of cn-hangzhou can take 8 vCPU and 16 GiB in zone cn-hangzhou-b now:"
                + " 1 in another zone, 1 not ready, 1 without enough free vCPU and memory,"
                + " 1 without enough free vCPU, 1 without enough free memory."
                + " The most that is free on one host is 86 vCPU and 8 GiB;"
                + " the closest host lacks 2 vCPU.")
        .doesNotContain("elsewhere", "drained", "full", "busy", "fat");
  }

  @Test
  void aSizeThatNoHostCouldEverTakeSaysSo() {
    Explanation explanation = index(host("a", 16, 64), host("b", 8, 32)).explain(need(16, 65));

    assertThat(explanation.couldEverFit()).isFalse();
    assertThat(explanation.sentence())
        .isEqualTo(
            "No host of cn-hangzhou is large enough for 16 vCPU and 65 GiB:"
                + " of 2 hosts the largest offers 16 vCPU and 64 GiB.");
  }

  @Test
  void twoHostsThatAreEachTooSmallInOneDimensionCouldNeverFit() {
    assertThat(index(host("a", 16, 8), host("b", 2, 64)).explain(need(8, 16)).couldEverFit())
        .isFalse();
  }

  @Test
  void aFullOrUnreadyHostCouldStillFitSomeDay() {
    PlacementRequest request = needInZone("b", 16, 64);

    assertThat(index(reserved(host("a", 16, 64), 16, 64)).explain(request).couldEverFit()).isTrue();
    assertThat(index(notReady(host("a", 16, 64))).explain(request).couldEverFit()).isTrue();
  }

  @Test
  void aZoneWithoutHostsCouldNeverFit() {
    Explanation explanation =
        index(in(host("a", 16, 64), HANGZHOU, zone("g"))).explain(needInZone("b", 1, 1));

    assertThat(explanation.couldEverFit()).isFalse();
    assertThat(explanation.anyHostInZone()).isFalse();
    assertThat(explanation.largestAllocatable()).isEqualTo(Size.ZERO);
    assertThat(explanation.sentence()).isEqualTo("Zone cn-hangzhou-b has no hosts.");
  }

  @Test
  void aLargeHostOfAnotherZoneIsNoHelp() {
    PlacementIndex index =
        index(
            in(host("a", 96, 384), HANGZHOU, zone("g")),
            in(host("b", 4, 8), HANGZHOU, zone("b")),
            in(host("c", 2, 8), HANGZHOU, zone("b")));

    Explanation explanation = index.explain(needInZone("b", 8, 16));

    assertThat(explanation.couldEverFit()).isFalse();
    assertThat(explanation.anyHostInZone()).isTrue();
    assertThat(explanation.sentence())
        .isEqualTo(
            "No host of cn-hangzhou in zone cn-hangzhou-b is large enough for 8 vCPU and 16 GiB:"
                + " of 2 hosts the largest offers 4 vCPU and 8 GiB.");
    assertThat(index.explain(need(8, 16)).couldEverFit()).isTrue();
    assertThat(index.explain(needInZone("b", 4, 8)).couldEverFit()).isTrue();
  }

  @Test
  void aRegionWithoutHostsCouldNeverFit() {
    Explanation explanation = new PlacementIndex().explain(need(1, 1));

    assertThat(explanation.couldEverFit()).isFalse();
    assertThat(explanation.hostsLookedAt()).isZero();
    assertThat(explanation.missing()).isEqualTo(size(1, 1));
    assertThat(explanation.sentence()).isEqualTo("Region cn-hangzhou has no hosts.");
  }

  @Test
  void withoutAReadyHostInTheZoneTheSentenceEndsWithTheReasons() {
    Explanation explanation = index(notReady(host("a", 16, 64))).explain(need(2, 4));

    assertThat(explanation.missing()).isEqualTo(size(2, 4));
    assertThat(explanation.largestFree()).isEqualTo(Size.ZERO);
    assertThat(explanation.sentence())
        .isEqualTo("None of 1 host of cn-hangzhou can take 2 vCPU and 4 GiB now: 1 not ready.");
  }

  @Test
  void aHostThatDoesNotAnswerIsPassedOverAndSaidToBe() {
    PlacementIndex index = index(host("a", 16, 64).withAnswering(false));
    Explanation explanation = index.explain(need(2, 4));

    assertThat(index.pick(need(2, 4))).isInstanceOf(PlacementDecision.NotPlaced.class);
    assertThat(explanation.couldEverFit()).as("it may answer again").isTrue();
    assertThat(explanation.ruledOut()).isEqualTo(Map.of(RuledOut.NOT_ANSWERING, 1));
    assertThat(explanation.sentence())
        .isEqualTo("None of 1 host of cn-hangzhou can take 2 vCPU and 4 GiB now: 1 not answering.");

    index.put(host("a", 16, 64));
    assertThat(index.pick(need(2, 4))).isInstanceOf(PlacementDecision.Placed.class);
  }

  @Test
  void whenHostsFitTheExplanationSaysHowMany() {
    Explanation explanation =
        index(host("a", 16, 64), reserved(host("b", 16, 64), 15, 60)).explain(need(2, 4));

    assertThat(explanation.hostsFitting()).isEqualTo(1);
    assertThat(explanation.missing()).isEqualTo(Size.ZERO);
    assertThat(explanation.sentence())
        .isEqualTo(
            "1 of 2 hosts of cn-hangzhou can take 2 vCPU and 4 GiB now:"
                + " 1 without enough free vCPU.");
  }

  @Test
  void fractionsAreWrittenPlainly() {
    Explanation explanation =
        index(reserved(host("a", 1, 2), 1, 1))
            .explain(PlacementRequest.anywhereIn(HANGZHOU, Size.of(250, 512)));

    assertThat(explanation.sentence())
        .contains("take 0.25 vCPU and 0.5 GiB now")
        .endsWith("the closest host lacks 0.25 vCPU.");
  }
}
