package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.GroupStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** How the engine's figures are read, by the version of cgroups of its host. */
class ContainerStatisticsTest {

  private static final long LIMIT = 1000;

  private static final String V1 =
      """
      {"read": "2026-01-01T00:00:00Z",
       "cpu_stats": {"cpu_usage": {"total_usage": 77}},
       "memory_stats": {"usage": 500, "limit": 900, "stats": {
         "rss": 1, "total_rss": 200, "cache": 2, "total_cache": 250,
         "inactive_file": 3, "total_inactive_file": 120}},
       "blkio_stats": {
         "io_service_bytes_recursive": [
           {"major": 8, "minor": 0, "op": "Read", "value": 10},
           {"major": 8, "minor": 0, "op": "Write", "value": 20},
           {"major": 8, "minor": 0, "op": "Total", "value": 30}],
         "io_serviced_recursive": [
           {"major": 8, "minor": 0, "op": "Read", "value": 1},
           {"major": 8, "minor": 0, "op": "Write", "value": 2}]},
       "networks": {"eth0": {"rx_bytes": 1, "rx_packets": 2, "rx_errors": 3, "rx_dropped": 4,
         "tx_bytes": 5, "tx_packets": 6, "tx_errors": 7, "tx_dropped": 8}}}
      """;

  private static final String V2 =
      """
      {"read": "2026-01-01T00:00:00Z",
       "cpu_stats": {"cpu_usage": {"total_usage": 78}},
       "memory_stats": {"usage": 500, "limit": 5000, "stats": {
         "anon": 210, "file": 260, "inactive_file": 130}},
       "blkio_stats": {
         "io_service_bytes_recursive": [
           {"major": 8, "minor": 0, "op": "read", "value": 100},
           {"major": 9, "minor": 1, "op": "write", "value": 200}],
         "io_serviced_recursive": null}}
      """;

  private static final String ENDED =
      """
      {"read": "0001-01-01T00:00:00Z", "cpu_stats": {"cpu_usage": {"total_usage": 0}},
       "memory_stats": {}, "blkio_stats": {"io_service_bytes_recursive": null}}
      """;

  private static ContainerStatistics read(String json) {
    return new ContainerStatistics(JsonMapper.builder().build().readTree(json));
  }

  @Test
  void bothVersionsOfCgroupsTellTheSame() {
    assertThat(read(V1).cpuNanos()).isEqualTo(77);
    assertThat(read(V1).memory(LIMIT))
        .as("the lower of the two limits")
        .isEqualTo(new GroupStatistics.Memory(500, 200, 250, 380, 520));
    assertThat(read(V2).memory(LIMIT))
        .isEqualTo(new GroupStatistics.Memory(500, 210, 260, 370, 630));
    assertThat(read(V1).interfaces())
        .containsExactly(new GroupStatistics.Interface("eth0", 1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(read(V2).interfaces()).isEmpty();
  }

  @Test
  void devicesOfAllContainersAreAddedUp() {
    assertThat(
            ContainerStatistics.disks(
                List.of(read(V1), read(V2), read(ENDED)), (major, minor) -> major + ":" + minor))
        .containsExactly(
            new GroupStatistics.Disk("8:0", 110, 1, 20, 2),
            new GroupStatistics.Disk("9:1", 0, 0, 200, 0));
  }

  @Test
  void whatHasEndedIsKnown() {
    assertThat(read(V1).isOfARunningOne()).isTrue();
    assertThat(read(ENDED).isOfARunningOne()).isFalse();
  }
}
