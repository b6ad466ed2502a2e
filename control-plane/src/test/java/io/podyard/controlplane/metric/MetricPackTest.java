package io.podyard.controlplane.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Records as bytes. */
class MetricPackTest {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private static List<MetricRecord> samples(long seed) {
    return Samples.from(seed, START, START.plus(Duration.ofMinutes(20)), Duration.ofSeconds(15));
  }

  @Test
  void whatIsPackedIsUnpackedAsItWas() {
    for (long seed = 0; seed < 50; seed++) {
      List<MetricRecord> records = new ArrayList<>(samples(seed));
      SplittableRandom random = new SplittableRandom(seed);
      // Containers come and go, and counters begin anew.
      records.replaceAll(
          one ->
              random.nextInt(5) == 0
                  ? new MetricRecord(
                      one.at(),
                      one.samples(),
                      one.limit(),
                      one.containers().subList(0, random.nextInt(2)),
                      List.of(),
                      one.disks(),
                      List.of())
                  : one);
      assertThat(MetricPack.unpack(MetricPack.pack(records))).isEqualTo(records);
      assertThat(MetricPack.unpack(MetricPack.pack(records.subList(0, 1))))
          .isEqualTo(records.subList(0, 1));
    }
    assertThat(MetricPack.unpack(MetricPack.pack(List.of()))).isEmpty();
  }

  @Test
  void aBrokenPackIsRefusedAndNothingElse() {
    byte[] pack = MetricPack.pack(samples(1));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] broken = Arrays.copyOf(pack, random.nextInt(pack.length));
      if (broken.length > 0 && random.nextBoolean()) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 + random.nextInt(255));
      }
      try {
        assertThat(MetricPack.unpack(broken)).hasSizeLessThan(100_000);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageContaining("metrics");
      }
    }
    assertThatThrownBy(() -> MetricPack.unpack(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MetricPack.unpack(new byte[] {9, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mergingKeepsSumsAndTheNewestCountersWhateverTheSteps() {
    List<MetricRecord> samples = samples(3);
    List<MetricRecord> minutes = MetricRecord.byWindow(samples, 60);
    List<MetricRecord> tens = MetricRecord.byWindow(minutes, 600);

    assertThat(minutes).hasSize(20).allMatch(one -> one.samples() == 4);
    assertThat(tens).hasSize(2).isEqualTo(MetricRecord.byWindow(samples, 600));
    MetricRecord all = MetricRecord.merged(tens);
    assertThat(all).isEqualTo(MetricRecord.merged(samples));
    assertThat(all.samples()).isEqualTo(80);
    assertThat(all.at()).isEqualTo(samples.getLast().at());
    assertThat(all.interfaces()).isEqualTo(samples.getLast().interfaces());
    assertThat(all.containers().getFirst().cpuNanos())
        .isEqualTo(samples.getLast().containers().getFirst().cpuNanos())
        .isEqualTo(all.containers().getFirst().cpu().nanos());
    assertThat(all.containers().getFirst().cpu().overMillis()).isEqualTo(80 * 15_000);
    assertThat(all.containers().getFirst().memory().rss())
        .isEqualTo(
            samples.stream().mapToLong(one -> one.containers().getFirst().memory().rss()).sum());
  }
}
