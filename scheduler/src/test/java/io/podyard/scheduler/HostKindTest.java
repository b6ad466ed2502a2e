package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.id;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.reserved;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that ask for kinds of hosts, and what explanations say of kinds, disks and GPUs. */
class HostKindTest {

  private static PlacementIndex oneOfEach() {
    return index(
        host("plain", 96, 384),
        host("arm", 96, 384).ofKind(new HostKind("arm64", "c7", "", Set.of())),
        host("ssd", 96, 384).ofKind(new HostKind("amd64", "c7", "", Set.of("disk=ssd", "rack=1"))),
        reserved(host("gpu", 96, 384), 95, 380)
            .ofKind(new HostKind("amd64", "gn6", "T4", Set.of()))
            .withGpus(GpuDevices.free(4)));
  }

  @Test
  void onlyHostsOfTheKindAskedForAreTaken() {
    assertThat(picked(HostWishes.ANY.withArchitecture("arm64"))).isEqualTo("arm");
    assertThat(picked(HostWishes.ANY.withInstanceTypes(Set.of("gn6", "gn7")))).isEqualTo("gpu");
    assertThat(picked(HostWishes.ANY.withGpuModels(Set.of("A10", "T4")))).isEqualTo("gpu");
    assertThat(picked(HostWishes.ANY.withLabels(Set.of("disk=ssd")))).isEqualTo("ssd");
    assertThat(picked(HostWishes.ANY.withLabels(Set.of("disk=ssd", "rack=1")))).isEqualTo("ssd");
  }

  @Test
  void aHostWithoutAnInstanceTypeHasTheEmptyOne() {
    PlacementIndex index =
        index(
            host("typed", 96, 384).ofKind(new HostKind("amd64", "c7", "", Set.of())),
            host("plain", 96, 384).ofKind(new HostKind("amd64", "", "", Set.of())));
    PlacementRequest request =
        need(1, 4).wishing(HostWishes.ANY.withInstanceTypes(Set.of("gn7", "")));

    assertThat(index.pick(request)).isEqualTo(index.scan(request));
    assertThat(index.pick(request)).extracting("host").hasToString("plain");
  }

  @Test
  void onlyHostsOfTheComputeCategoryAskedForAreTaken() {
    PlacementIndex index =
        index(
            host("a", 96, 384).ofKind(new HostKind("amd64", "", "", Set.of(), "general")),
            host("b", 96, 384).ofKind(new HostKind("amd64", "", "", Set.of(), "economy")));
    PlacementRequest request = need(1, 4).wishing(HostWishes.ANY.withComputeCategory("economy"));

    assertThat(index.pick(request)).isEqualTo(index.scan(request));
    assertThat(index.pick(request)).extracting("host").hasToString("b");
    assertThat(
            index
                .explain(need(1, 4).wishing(HostWishes.ANY.withComputeCategory("none")))
                .ruledOut())
        .isEqualTo(Map.of(RuledOut.OTHER_COMPUTE_CATEGORY, 2));
  }

  @Test
  void everyHostCountsUnderTheFirstReasonThatHolds() {
    HostWishes wishes = HostWishes.ANY.withArchitecture("amd64").withLabels(Set.of("rack=1"));

    Explanation explanation = oneOfEach().explain(need(1, 1).wishing(wishes));

    assertThat(explanation.ruledOut())
        .isEqualTo(Map.of(RuledOut.OTHER_ARCHITECTURE, 2, RuledOut.MISSING_LABELS, 1));
    assertThat(explanation.hostsFitting()).isEqualTo(1);
  }

  @Test
  void aKindThatNoHostIsOfIsNamedSo() {
    Explanation explanation =
        oneOfEach().explain(need(1, 1).wishing(HostWishes.ANY.withInstanceTypes(Set.of("gn7"))));

    assertThat(explanation.couldEverFit()).isFalse();
    assertThat(explanation.sentence())
        .isEqualTo("No host of cn-hangzhou is of the kind asked for: 4 of another instance type.");
  }

  @Test
  void theSentenceSpeaksOfDisksAndGpusThatWereAskedFor() {
    PlacementRequest request =
        need(2, 8)
            .withDisk(10 * 1024)
            .withGpus(GpuRequest.whole(2))
            .wishing(HostWishes.ANY.withGpuModels(Set.of("T4")));
    PlacementIndex index =
        index(
            host("a", 96, 384)
                .withGpus(new GpuDevices(List.of(0, 300, 1000)))
                .withDisk(new DiskSpace(20 * 1024, 5 * 1024))
                .ofKind(HostKind.ofGpuModel("T4")),
            host("b", 96, 384)
                .withGpus(GpuDevices.free(2))
                .withDisk(new DiskSpace(20 * 1024, 15 * 1024))
                .ofKind(HostKind.ofGpuModel("T4")));

    assertThat(index.explain(request).sentence())
        .isEqualTo(
            "None of 2 hosts of cn-hangzhou can take 2 vCPU, 8 GiB, 10 GiB of disk and 2 GPUs now:"
                + " 1 without enough free disk, 1 without enough free GPUs."
                + " The most that is free on one host is 96 vCPU, 384 GiB, 5 GiB of disk and"
                + " 2 GPUs; the closest host lacks 5 GiB of disk.");
    assertThat(index.explain(request.withGpus(GpuRequest.whole(4))).sentence())
        .isEqualTo(
            "No host of cn-hangzhou is large enough for 2 vCPU, 8 GiB, 10 GiB of disk and 4 GPUs:"
                + " of 2 hosts the largest offers 96 vCPU, 384 GiB, 20 GiB of disk and 3 GPUs.");
  }

  @Test
  void theSentenceSpeaksOfSharesOfAGpu() {
    PlacementIndex index = index(host("a", 96, 384).withGpus(new GpuDevices(List.of(700, 800))));

    assertThat(index.explain(need(2, 8).withGpus(GpuRequest.shared(470))).sentence())
        .endsWith(
            "The most that is free on one host is 96 vCPU, 384 GiB and 0.3 of a GPU;"
                + " the closest host lacks 0.17 of a GPU.");
  }

  private static String picked(HostWishes wishes) {
    PlacementRequest request = need(1, 4).wishing(wishes);
    Placed pick = (Placed) oneOfEach().pick(request);
    assertThat(((Placed) oneOfEach().scan(request)).host()).isEqualTo(pick.host());
    assertThat(pick.host()).isNotEqualTo(id("plain"));
    return pick.host().value();
  }
}
