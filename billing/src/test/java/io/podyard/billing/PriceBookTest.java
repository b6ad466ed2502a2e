package io.podyard.billing;

import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.SINGAPORE;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podyard.model.RegionId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PriceBookTest {

  private static final Set<Item> ALL_ITEMS = Set.of(Item.VCPU, Item.MEMORY);

  @Test
  void theClosestPatternCounts() {
    Price all = price("*", Item.VCPU, "CNY", "1", T0, null);
    Price chinese = price("cn-*", Item.VCPU, "CNY", "2", T0, null);
    Price hangzhou = price("cn-hangzhou", Item.VCPU, "CNY", "3", T0, null);
    PriceBook book = PriceBook.of(List.of(chinese, hangzhou, all));

    assertThat(book.price(HANGZHOU, Item.VCPU, T0)).isEqualTo(hangzhou);
    assertThat(book.price(new RegionId("cn-beijing"), Item.VCPU, T0)).isEqualTo(chinese);
    assertThat(book.price(SINGAPORE, Item.VCPU, T0)).isEqualTo(all);
  }

  @Test
  void aCloserPatternCountsOnlyWhileItIsValid() {
    Price chinese = price("cn-*", Item.VCPU, "CNY", "2", T0, null);
    Price sale = price("cn-hangzhou", Item.VCPU, "CNY", "1", at(10), at(20));
    PriceBook book = PriceBook.of(List.of(chinese, sale));

    assertThat(book.price(HANGZHOU, Item.VCPU, at(9))).isEqualTo(chinese);
    assertThat(book.price(HANGZHOU, Item.VCPU, at(10))).isEqualTo(sale);
    assertThat(book.price(HANGZHOU, Item.VCPU, at(19))).isEqualTo(sale);
    assertThat(book.price(HANGZHOU, Item.VCPU, at(20))).isEqualTo(chinese);
  }

  @Test
  void aMissingPriceNamesItemAndRegion() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "1", T0, null),
                price("cn-*", Item.MEMORY, "CNY", "1", T0, at(10))));

    assertThat(book.unpriced(HANGZHOU, ALL_ITEMS, at(9))).isEmpty();
    assertThat(book.unpriced(HANGZHOU, ALL_ITEMS, at(10))).containsExactly(Item.MEMORY);
    assertThat(book.unpriced(HANGZHOU, ALL_ITEMS, at(-1))).isEqualTo(ALL_ITEMS);
    assertThat(book.unpriced(HANGZHOU, Set.of(Item.VCPU), at(10))).isEmpty();
    assertThatThrownBy(() -> book.price(SINGAPORE, Item.MEMORY, T0))
        .isInstanceOfSatisfying(
            MissingPriceException.class,
            e -> {
              assertThat(e.item()).isEqualTo(Item.MEMORY);
              assertThat(e.region()).isEqualTo(SINGAPORE);
              assertThat(e.at()).isEqualTo(T0);
            })
        .hasMessageContaining("memory")
        .hasMessageContaining("ap-southeast-1");
  }

  @Test
  void twoPricesOfOnePatternAndItemMayMeetButNotOverlap() {
    Price first = price("cn-*", Item.VCPU, "CNY", "1", T0, at(10));
    Price next = price("cn-*", Item.VCPU, "CNY", "2", at(10), null);
    assertThat(PriceBook.of(List.of(next, first)).prices()).containsExactly(first, next);

    Price early = price("cn-*", Item.VCPU, "CNY", "2", at(9), null);
    assertThat(problems(first, early))
        .singleElement()
        .asString()
        .contains("vcpu of cn-*", "overlaps", "2026-03-01T08:00:09Z");
    assertThat(problems(first, first)).hasSize(1);
    assertThat(problems(early, next)).hasSize(1);
    // Every pair is reported, not only neighbours.
    assertThat(problems(price("cn-*", Item.VCPU, "CNY", "1", T0, null), first, next)).hasSize(2);
  }

  @Test
  void differentItemsAndPatternsDoNotOverlap() {
    assertThat(
            PriceBook.of(
                    List.of(
                        price("cn-*", Item.VCPU, "CNY", "1", T0, null),
                        price("cn-*", Item.MEMORY, "CNY", "1", T0, null),
                        price("cn-hangzhou", Item.VCPU, "CNY", "1", T0, null)))
                .prices())
        .hasSize(3);
  }

  @Test
  void theItemsOfARegionHaveOneCurrency() {
    // A Chinese region would pay vCPU in CNY and memory, for want of a closer price, in USD.
    assertThat(
            problems(
                price("*", Item.VCPU, "USD", "1", T0, null),
                price("*", Item.MEMORY, "USD", "1", T0, null),
                price("cn-*", Item.VCPU, "CNY", "1", T0, null)))
        .singleElement()
        .asString()
        .contains("cn-*", "CNY and USD");
    // Only for a while is no better.
    assertThat(
            problems(
                price("*", Item.VCPU, "USD", "1", T0, null),
                price("*", Item.MEMORY, "USD", "1", T0, at(10)),
                price("*", Item.MEMORY, "CNY", "1", at(10), at(20)),
                price("*", Item.MEMORY, "USD", "1", at(20), null)))
        .singleElement()
        .asString()
        .contains(at(10).toString());
  }

  @Test
  void aRegionMayChangeItsCurrencyForAllItemsAtOnce() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "USD", "1", T0, at(10)),
                price("*", Item.MEMORY, "USD", "1", T0, at(10)),
                price("*", Item.VCPU, "CNY", "1", at(10), null),
                price("*", Item.MEMORY, "CNY", "1", at(10), null)));

    assertThat(book.prices()).hasSize(4);
  }

  @Test
  void impossiblePricesAreRefused() {
    assertThatThrownBy(() -> price("*", Item.VCPU, "CNY", "-0.1", T0, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> price("*", Item.VCPU, "CNY", "0.0000000000001", T0, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 decimals");
    assertThatThrownBy(() -> price("*", Item.VCPU, "CNY", "1", T0, T0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> price("*", Item.VCPU, "CNY", "1", T0.plusMillis(1), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> price("*", Item.VCPU, "CNY", "1", T0, at(1).plusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalPricesAreEqualHoweverTheyAreWritten() {
    assertThat(price("*", Item.VCPU, "CNY", "0.0490", T0, null))
        .isEqualTo(price("*", Item.VCPU, "CNY", "0.049", T0, null));
    assertThat(price("*", Item.VCPU, "CNY", "1E+2", T0, null))
        .isEqualTo(price("*", Item.VCPU, "CNY", "100", T0, null));
  }

  private static List<String> problems(Price... prices) {
    return catchThrowableOfType(
            InvalidPriceBookException.class, () -> PriceBook.of(List.of(prices)))
        .problems();
  }
}
