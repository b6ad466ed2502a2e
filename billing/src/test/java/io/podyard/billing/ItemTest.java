package io.podyard.billing;

import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.SINGAPORE;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.TWO_FOUR;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.closed;
import static io.podyard.billing.Usage.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is metered beside vCPU, memory and GPUs, under the example prices. */
class ItemTest {

  private static final PriceBook BOOK =
      PriceBook.of(
          Stream.concat(
                  PriceBookFile.shipped().prices().stream(),
                  PriceBookFile.examples().prices().stream())
              .toList());

  private static List<String> sentences(Metered metered) {
    UsageInterval interval = closed(open(GROUP, TWO_FOUR, 0).of(metered), 100);
    return Rating.rate(interval, at(100), BOOK).stream().map(ChargeLine::sentence).toList();
  }

  @Test
  void onlyStorageBeyondTheFreeThirtyGibIsCharged() {
    assertThat(sentences(Metered.of(TWO_FOUR).withStorage(30))).hasSize(2);
    assertThat(sentences(Metered.of(TWO_FOUR).withStorage(70)))
        .containsExactly(
            "2 vCPU x 100 s x 0.000049 CNY = 0.0098 CNY",
            "4 GiB x 100 s x 0.00000613 CNY = 0.002452 CNY",
            "40 GiB x 100 s x 0.00000058 CNY = 0.00232 CNY");
  }

  @Test
  void anInstanceTypePaysForItsStorageToo() {
    Tariff tariff = Tariff.ofInstanceType("ecs.g7.large");

    assertThat(tariff.items()).containsExactly(new Item("ecs.g7.large"), Item.EPHEMERAL_STORAGE);
  }

  @Test
  void anImageCacheIsMadeInATemporaryGroupAndThenKept() {
    assertThat(sentences(Metered.imageCacheCreation(20)))
        .containsExactly(
            "2 vCPU x 100 s x 0.000049 CNY = 0.0098 CNY",
            "4 GiB x 100 s x 0.00000613 CNY = 0.002452 CNY",
            "20 GiB x 100 s x 0.00000058 CNY = 0.00116 CNY");
    assertThat(sentences(Metered.imageCacheStorage(20)))
        .containsExactly("20 GiB x 100 s x 0.00000005 CNY = 0.0001 CNY");
    assertThat(sentences(Metered.imageCacheUse(30))).isEmpty();
    assertThat(sentences(Metered.imageCacheUse(31)))
        .containsExactly("1 GiB x 100 s x 0.00000058 CNY = 0.000058 CNY");
  }

  @Test
  void aDataCacheIsMadeKeptAndUsed() {
    assertThat(sentences(Metered.dataCacheCreation(20))).hasSize(3);
    assertThat(sentences(Metered.dataCacheStorage(20)))
        .containsExactly("20 GiB x 100 s x 0.00000005 CNY = 0.0001 CNY");
    assertThat(sentences(Metered.dataCacheUse(20)))
        .containsExactly("20 GiB x 100 s x 0.00000058 CNY = 0.00116 CNY");
  }

  @Test
  void aVolumeIsChargedByTheGib() {
    assertThat(sentences(Metered.volume(500)))
        .containsExactly("500 GiB x 100 s x 0.00000058 CNY = 0.029 CNY");
  }

  @Test
  void aVirtualNodeCostsWhatAGroupOfTwoVcpuAndEightGibCosts() {
    assertThat(sentences(Metered.virtualNode()))
        .containsExactly(
            "2 vCPU x 100 s x 0.000049 CNY = 0.0098 CNY",
            "8 GiB x 100 s x 0.00000613 CNY = 0.004904 CNY");
  }

  @Test
  void thePublishedExampleOfStorageComesOutToTheLastDecimalThatAPriceHas() {
    Metered hundred = Metered.dataCacheUse(100);
    BigDecimal hour =
        Rating.pricePerSecond(hundred, SINGAPORE, T0, BOOK)
            .amount()
            .multiply(BigDecimal.valueOf(3600));

    assertThat(hour.subtract(new BigDecimal("0.03188")).abs())
        .isLessThan(new BigDecimal("0.0000000000005").multiply(new BigDecimal("360000")));
  }

  @Test
  void theExamplesPriceWhateverThePublishedPricesDoNot() {
    Set<Item> all = Set.copyOf(Item.parts());

    assertThat(BOOK.unpriced(HANGZHOU, all, T0)).isEmpty();
    // Nobody published a price of the economy category outside China.
    assertThat(BOOK.unpriced(SINGAPORE, all, T0)).containsExactly(Item.ECONOMY_VCPU);
  }

  @Test
  void everyItemIsInTheReadme() throws Exception {
    String page = Files.readString(Path.of("README.md"));

    assertThat(page.lines().filter(line -> line.startsWith("| `")).toList())
        .extracting(line -> line.split("`", -1)[1])
        .containsAll(Item.parts().stream().map(Item::code).toList());
  }

  @Test
  void itemsHaveOneOrderAndAClosedVocabulary() {
    assertThat(Stream.of(new Item("ecs.b"), Item.VOLUME, new Item("ecs.a"), Item.VCPU).sorted())
        .containsExactly(Item.VCPU, Item.VOLUME, new Item("ecs.a"), new Item("ecs.b"));
    assertThat(Item.ofCode("disk")).isEmpty();
    assertThat(Item.ofCode("volume")).contains(Item.VOLUME);
    assertThatThrownBy(() -> new Tariff("memory")).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Tariff("volume")).isEqualTo(Tariff.VOLUME);
  }

  @Test
  void nothingNegativeIsMetered() {
    assertThatThrownBy(() -> new Metered(TWO_FOUR, 0, Tariff.STANDARD, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 GiB");
  }
}
