package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podyard.model.HostId;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryPlanReaderTest {

  @Test
  void whatIsLeftOutIsAsByDefault() {
    InventoryPlan plan =
        InventoryPlanReader.read(
            """
            zones:
              r: [r-a, r-b]
            pools:
              - poolId: plain
                regionId: r
                runtime: simulated
                hosts:
                  - {hostId: sim-0001, zoneId: r-a}
              - poolId: gpu
                regionId: r
                runtime: docker
                policy: fragmentation-aware
                cpuOvercommit: 2
                computeCategory: economy
                hosts:
                  - hostId: gpu-1
                    zoneId: r-b
                    address: tcp://10.0.0.7:2376
                    tlsFolder: /etc/podyard/tls
                    cpu: 31.5
                    memory: 120
                    disk: 500
                    gpus: 4
                    gpuModel: A10
                    instanceType: ecs.gn7i-c32g1.8xlarge
                    labels: {disk: ssd, rack: 7}
                    cordoned: true
            """);
    PoolId gpu = new PoolId("gpu");
    assertThat(plan)
        .isEqualTo(
            new InventoryPlan(
                Map.of(new RegionId("r"), List.of(new ZoneId("r-a"), new ZoneId("r-b"))),
                List.of(
                    new PoolDeclaration(
                        new PoolId("plain"),
                        new RegionId("r"),
                        "simulated",
                        PlacementPolicy.BEST_FIT,
                        1),
                    new PoolDeclaration(
                        gpu,
                        new RegionId("r"),
                        "docker",
                        PlacementPolicy.FRAGMENTATION_AWARE,
                        2,
                        "economy")),
                List.of(
                    new HostDeclaration(
                        new HostId("sim-0001"),
                        new PoolId("plain"),
                        new ZoneId("r-a"),
                        "",
                        "",
                        null,
                        null,
                        0,
                        null,
                        "",
                        "",
                        List.of(),
                        null),
                    new HostDeclaration(
                        new HostId("gpu-1"),
                        gpu,
                        new ZoneId("r-b"),
                        "tcp://10.0.0.7:2376",
                        "/etc/podyard/tls",
                        MilliCpu.of(31_500),
                        MemoryMib.of(120 * 1024),
                        500 * 1024,
                        4,
                        "A10",
                        "ecs.gn7i-c32g1.8xlarge",
                        List.of("disk=ssd", "rack=7"),
                        true)),
                true));
  }

  @Test
  void whatAHostSaysOfCordonAndDrainStandsInThePlaceOfWhatItsPoolSays() {
    InventoryPlan plan =
        InventoryPlanReader.read(
            """
            pools:
              - poolId: old
                regionId: r
                runtime: simulated
                drain: {deadline: 7d, reason: out of warranty}
                hosts:
                  - {hostId: h1, zoneId: r-a}
                  - {hostId: h2, zoneId: r-a, drain: {deadline: 0s}}
                  - {hostId: h3, zoneId: r-a, cordoned: false}
                  - {hostId: h4, zoneId: r-a, cordoned: true, drain: {deadline: 30m}}
              - poolId: closed
                regionId: r
                runtime: simulated
                cordoned: true
                hosts:
                  - {hostId: h5, zoneId: r-a}
                  - {hostId: h6, zoneId: r-a, drain: {deadline: 2h}}
            """);
    assertThat(plan.hosts())
        .extracting(HostDeclaration::drain)
        .containsExactly(
            new HostDrain(Duration.ofDays(7), "out of warranty"),
            new HostDrain(Duration.ZERO, null),
            null,
            new HostDrain(Duration.ofMinutes(30), null),
            null,
            new HostDrain(Duration.ofHours(2), null));
    assertThat(plan.hosts())
        .extracting(HostDeclaration::cordoned)
        .containsExactly(null, null, false, true, true, null);
  }

  @Test
  void everyMistakeOfADrainIsNamedWithItsPlace() {
    assertThat(
            problems(
                """
                pools:
                  - poolId: p
                    regionId: r
                    runtime: simulated
                    cordoned: perhaps
                    drain: {deadline: 31d}
                    hosts:
                      - {hostId: h1, zoneId: r-a, drain: 30m}
                      - {hostId: h2, zoneId: r-a, drain: {}}
                      - {hostId: h3, zoneId: r-a, drain: {deadline: 30, force: true}}
                      - {hostId: h4, zoneId: r-a, cordoned: false, drain: {deadline: 1h, reason: %s}}
                      - {hostId: h5, zoneId: r-a, drain: {deadline: [1h]}}
                """
                    .formatted("r".repeat(257))))
        .containsExactly(
            "pools[0].cordoned is 'perhaps' and: must be true or false",
            "pools[0].drain.deadline is '31d' and: must be a time like 90s, 30m, 2h or 7d, at most"
                + " 30d",
            "pools[0].hosts[0].drain: must have the fields deadline, reason",
            "pools[0].hosts[1].drain.deadline: is missing",
            "pools[0].hosts[2].drain.force: is no field; there are deadline, reason",
            "pools[0].hosts[2].drain.deadline is '30' and: must be a time like 90s, 30m, 2h or 7d,"
                + " at most 30d",
            "pools[0].hosts[3].drain: cannot be beside cordoned: false; nothing is placed on a host"
                + " that drains",
            "pools[0].hosts[3].drain.reason is '%s' and: must have at most 256 characters"
                .formatted("r".repeat(257)),
            "pools[0].hosts[4].drain.deadline: must be a single value");
  }

  @Test
  void aFileMayBeJsonAndMayBeEmpty() {
    assertThat(InventoryPlanReader.read("")).isEqualTo(InventoryPlan.EMPTY);
    assertThat(InventoryPlanReader.read("pools:\n").namesPools()).isFalse();
    assertThat(InventoryPlanReader.read("pools: []\n").namesPools()).isTrue();
    assertThat(
            InventoryPlanReader.read(
                    "{\"pools\": [{\"poolId\": \"p\", \"regionId\": \"r\", \"runtime\":"
                        + " \"simulated\"}]}")
                .pools())
        .hasSize(1);
  }

  @Test
  void everyMistakeIsNamedWithItsPlace() {
    assertThat(
            problems(
                """
                extra: 1
                zones: {r: [r-a, "no zone!"]}
                pools:
                  - poolId: p
                    regionId: r
                    runtime: podman
                    policy: tight
                    cpuOvercommit: 0
                    hosts:
                      - {hostId: h1, zone: r-a, gpus: 2, cpu: -1, memory: much, labels: ssd}
                  - {poolId: q, regionId: r, runtime: docker, hosts: [{hostId: h2, zoneId: r-a, address: here}]}
                  - {poolId: q, regionId: r, runtime: docker, hosts: all}
                  - 7
                """))
        .containsExactly(
            "the file.extra: is no field; there are pools, zones",
            "zones.r[1]: must be 1 to 128 letters, digits, hyphens, underscores and points",
            "pools[0].runtime is 'podman' and: must be one of docker, simulated",
            "pools[0].policy is 'tight' and: must be one of best-fit, spread, fragmentation-aware",
            "pools[0].cpuOvercommit is '0' and: must be a whole number from 1 to 100",
            "pools[0].hosts[0].zone: is no field; there are address, cordoned, cpu, disk, drain,"
                + " gpuModel, gpus, hostId, instanceType, labels, memory, tlsFolder, zoneId",
            "pools[0].hosts[0].zoneId: is missing",
            "pools[0].hosts[0].cpu is '-1' and: must be a number above 0 and at most 100000",
            "pools[0].hosts[0].memory is 'much' and: must be a number above 0 and at most 1000000",
            "pools[0].hosts[0].gpuModel: must be given where there are GPUs, and not where there"
                + " are none",
            "pools[0].hosts[0].labels is 'ssd' and: must be at most 64 labels like disk=ssd with"
                + " commas between them",
            "pools[1].hosts[0].address is 'here' and: must be like unix:///var/run/docker.sock or"
                + " tcp://host:2376",
            "pools[2]: pool q is declared at pools[1] already",
            "pools[2].hosts: must be a list",
            "pools[3]: must have the fields computeCategory, cordoned, cpuOvercommit, drain, hosts,"
                + " policy, poolId, regionId, runtime");
  }

  @Test
  void whatIsNoYamlIsSaidWithItsLine() {
    assertThat(problems("pools:\n  - a: [1\n  - b")).singleElement().asString().startsWith("line ");
    assertThat(problems("pools: []\npools: []")).singleElement().asString().startsWith("line ");
  }

  private static List<String> problems(String text) {
    InvalidInventoryException thrown =
        catchThrowableOfType(InvalidInventoryException.class, () -> InventoryPlanReader.read(text));
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }
}
