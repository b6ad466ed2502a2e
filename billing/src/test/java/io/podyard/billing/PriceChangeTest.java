package io.podyard.billing;

import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Prices that are in use are followed by others and never edited. */
class PriceChangeTest {

  private static final Price OLD = price("cn-*", Item.VCPU, "CNY", "1", at(-100), null);
  private static final Price OTHER = price("*", Item.VCPU, "CNY", "7", at(-100), null);
  private static final PriceBook BOOK = PriceBook.of(List.of(OLD, OTHER));

  private static Price vcpu(String perSecond, Instant from, Instant to) {
    return price("cn-*", Item.VCPU, "CNY", perSecond, from, to);
  }

  @Test
  void theOldPriceEndsWhereTheNewOneBegins() {
    Price next = price("cn-*", Item.VCPU, "CNY", "2", at(10), null);

    PriceChange change = BOOK.supersede(List.of(next), T0);

    assertThat(change.gone()).containsExactly(OLD);
    assertThat(change.added()).containsExactly(vcpu("1", at(-100), at(10)), next);
    assertThat(change.book().prices()).hasSize(3).contains(OTHER);
    assertThat(BOOK.prices()).as("the old book stays").hasSize(2);
  }

  @Test
  void aPriceForAWhileIsFollowedByTheOldOne() {
    PriceChange change = BOOK.supersede(List.of(vcpu("0.5", at(10), at(20))), T0);

    assertThat(change.added())
        .containsExactly(
            vcpu("1", at(-100), at(10)),
            vcpu("0.5", at(10), at(20)),
            price("cn-*", Item.VCPU, "CNY", "1", at(20), null));
  }

  @Test
  void aPriceMayEndWithoutAnother() {
    PriceChange change = BOOK.supersede(List.of(vcpu("1", at(-100), at(10))), T0);

    assertThat(change.gone()).containsExactly(OLD);
    assertThat(change.added()).containsExactly(vcpu("1", at(-100), at(10)));
    PriceBook ended = change.book();
    assertThat(ended.find(HANGZHOU, Item.VCPU, at(10)))
        .as("the next pattern counts")
        .contains(OTHER);
    assertThat(ended.supersede(List.of(vcpu("1", at(-100), at(5))), T0).added())
        .containsExactly(vcpu("1", at(-100), at(5)));
    assertThat(
            catchThrowableOfType(
                    InvalidPriceBookException.class,
                    () -> BOOK.supersede(List.of(vcpu("1", at(-100), at(9))), at(10)))
                .problems())
        .containsExactly(
            "vcpu of cn-* from 2026-03-01T07:58:20Z to 2026-03-01T08:00:09Z would end before"
                + " 2026-03-01T08:00:10Z; what was charged stays as it was");
  }

  @Test
  void oneThatEndsIsFollowedByAnotherOfTheSameFile() {
    PriceChange change =
        BOOK.supersede(List.of(vcpu("1", at(-100), at(20)), vcpu("2", at(10), at(30))), T0);

    assertThat(change.book().prices())
        .containsExactly(OTHER, vcpu("1", at(-100), at(10)), vcpu("2", at(10), at(30)));
  }

  @Test
  void aPriceThatHasNotBegunMayGo() {
    PriceBook announced =
        BOOK.supersede(List.of(price("cn-*", Item.VCPU, "CNY", "2", at(50), null)), T0).book();

    PriceChange change =
        announced.supersede(List.of(price("cn-*", Item.VCPU, "CNY", "3", at(40), null)), at(10));

    assertThat(change.book().prices())
        .containsExactly(
            OTHER, vcpu("1", at(-100), at(40)), price("cn-*", Item.VCPU, "CNY", "3", at(40), null));
  }

  @Test
  void whatIsThereAlreadyChangesNothing() {
    PriceBook file = PriceBookFile.parse(PriceBookFile.write(BOOK));

    PriceChange change = BOOK.supersede(file.prices(), at(1000));

    assertThat(change.isEmpty()).isTrue();
    assertThat(change.book()).isEqualTo(BOOK);
  }

  @Test
  void spotSharesStay() {
    SpotShares shares =
        SpotShares.of(List.of(new SpotShare(RegionPattern.ALL, null, new BigDecimal("0.3"), T0)));

    assertThat(
            BOOK.withSpot(shares)
                .supersede(List.of(vcpu("2", at(10), at(20))), T0)
                .book()
                .spot()
                .find(HANGZHOU, null, Item.VCPU, at(1)))
        .isPresent();
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    InvalidPriceBookException refused =
        catchThrowableOfType(
            InvalidPriceBookException.class,
            () ->
                BOOK.supersede(
                    List.of(
                        vcpu("2", at(9), at(20)),
                        vcpu("3", at(19), at(30)),
                        vcpu("4", at(-50), at(-40))),
                    at(10)));

    assertThat(refused.problems())
        .satisfiesExactly(
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "vcpu of cn-* from 2026-03-01T08:00:09Z to 2026-03-01T08:00:20Z begins"
                            + " before 2026-03-01T08:00:10Z; what was charged stays as it was"),
            problem -> assertThat(problem).contains("07:59:10Z", "begins before"),
            problem -> assertThat(problem).contains("overlaps", "08:00:19Z"));
    assertThat(
            catchThrowableOfType(
                    InvalidPriceBookException.class,
                    () ->
                        BOOK.supersede(
                            List.of(price("cn-*", Item.MEMORY, "USD", "1", at(50), null)), T0))
                .problems())
        .singleElement()
        .asString()
        .contains("CNY and USD");
  }

  @Test
  void newPricesCountForTheirTimeAndTheOldOnesForTheRest() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      PriceBook book = BOOK;
      for (int change = 0; change < 4; change++) {
        long now = random.nextInt(60);
        List<Price> news = new ArrayList<>();
        long from = now;
        for (int n = random.nextInt(3); n >= 0; n--) {
          from += random.nextInt(20);
          long to = from + 1 + random.nextInt(20);
          boolean forEver = n == 0 && random.nextBoolean();
          news.add(
              price(
                  "cn-*",
                  Item.VCPU,
                  "CNY",
                  String.valueOf(2 + random.nextInt(1000)),
                  at(from),
                  forEver ? null : at(to)));
          from = to;
        }
        PriceBook before = book;
        PriceChange changed = before.supersede(news, at(now));
        book = changed.book();
        for (long second = -10; second < 200; second++) {
          Instant then = at(second);
          Price expected =
              news.stream()
                  .filter(price -> price.isValidAt(then))
                  .findFirst()
                  .orElseGet(() -> before.price(HANGZHOU, Item.VCPU, then));
          assertThat(book.price(HANGZHOU, Item.VCPU, then).perSecond())
              .isEqualTo(expected.perSecond());
        }
        List<Price> replayed = new ArrayList<>(before.prices());
        replayed.removeAll(changed.gone());
        replayed.addAll(changed.added());
        assertThat(PriceBook.of(replayed)).isEqualTo(book);
      }
    }
  }
}
