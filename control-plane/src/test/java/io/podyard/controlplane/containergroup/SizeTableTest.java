package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.ELSEWHERE;
import static io.podyard.controlplane.containergroup.CreateRequests.HANGZHOU;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTableTest {

  @ParameterizedTest
  @CsvSource({
    // The two published examples and what the same requests become elsewhere.
    "cn-hangzhou, 7, 13, 8, 14",
    "cn-hangzhou, 4.25, 8.5, 6, 10",
    "cn-hangzhou, 4, 8, 4, 8",
    "local, 7, 13, 8, 16",
    "local, 4.25, 8.5, 8, 16",
    // More memory than a row has leads to the next row.
    "local, 0.25, 1.5, 0.5, 2",
    "local, 2, 17, 4, 32",
    "local, 1, 300, 52, 384",
    "local, 0.001, 0.001, 0.25, 0.5",
    "local, 64, 512, 64, 512",
    "cn-hangzhou, 8, 63, 8, 64",
    "cn-hangzhou, 5, 49, 8, 50"
  })
  void aRequestIsRaisedToTheNearestPair(
      String region, BigDecimal cpu, BigDecimal gib, BigDecimal raisedCpu, BigDecimal raisedGib) {
    assertThat(SizeTable.raise(new RegionId(region), MilliCpu.ofVcpu(cpu), MemoryMib.ofGib(gib)))
        .contains(new Size(MilliCpu.ofVcpu(raisedCpu), MemoryMib.ofGib(raisedGib)));
  }

  @ParameterizedTest
  @CsvSource({"64001, 1", "1, 524289", "64001, 524289"})
  void aRequestBeyondTheLargestPairHasNoSize(int milliCpu, int mib) {
    assertThat(SizeTable.raise(HANGZHOU, MilliCpu.of(milliCpu), MemoryMib.of(mib))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cn-hangzhou",
        "cn-shanghai",
        "cn-qingdao",
        "cn-beijing",
        "cn-zhangjiakou",
        "cn-huhehaote",
        "cn-wulanchabu",
        "cn-shenzhen",
        "cn-heyuan",
        "cn-guangzhou",
        "cn-chengdu",
        "ap-southeast-1"
      })
  void theListedRegionsHaveTheAdditionalPairs(String region) {
    assertThat(SizeTable.sizes(new RegionId(region)))
        .hasSize(44 + 4 + 11 + 22 + 25)
        .containsAll(SizeTable.sizes(ELSEWHERE))
        .contains(Size.of(2000, 14 * 1024), Size.of(4000, 30 * 1024))
        .contains(Size.of(6000, 6 * 1024), Size.of(6000, 48 * 1024), Size.of(8000, 62 * 1024));
  }

  @Test
  void otherRegionsHaveThePairsOfAllRegions() {
    assertThat(SizeTable.sizes(ELSEWHERE))
        .hasSize(44)
        .contains(SizeTable.DEFAULT, SizeTable.LARGEST)
        .noneMatch(size -> size.cpu().value() == 6000);
    assertThat(SizeTable.sizes(new RegionId("eu-central-1"))).isEqualTo(SizeTable.sizes(ELSEWHERE));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theResultIsEnoughAndNoSmallerPairIs(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      RegionId region = random.nextBoolean() ? HANGZHOU : ELSEWHERE;
      Size wanted = Size.of(1 + random.nextInt(64_000), 1 + random.nextInt(512 * 1024));
      if (random.nextBoolean()) {
        wanted = Size.of(1 + random.nextInt(9000), 1 + random.nextInt(66_000));
      }
      Size asked = wanted;
      List<Size> enough = SizeTable.sizes(region).stream().filter(asked::fitsIn).toList();

      Size raised = SizeTable.raise(region, asked.cpu(), asked.memory()).orElseThrow();

      assertThat(enough).as("seed %d: %s", seed, asked).contains(raised);
      assertThat(enough)
          .as("seed %d: %s became %s", seed, asked, raised)
          .noneMatch(
              pair ->
                  pair.cpu().compareTo(raised.cpu()) < 0
                      || (pair.cpu().equals(raised.cpu())
                          && pair.memory().compareTo(raised.memory()) < 0));
      assertThat(SizeTable.raise(region, raised.cpu(), raised.memory())).contains(raised);
    }
  }
}
