package io.podyard.billing;

import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.reserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What hours that have begun are paid for never changes. */
class AgreementChangeTest {

  private static final Hour NEXT = HOUR.next();
  private static final Hour LATER = NEXT.next();
  private static final AccountDiscount TEN = discount("ten", "*", "0.9");
  private static final ReservedInstances RI = reserved("ri", null, 2, "0.0001");
  private static final SavingsPlan PLAN = plan("sp", "10", Map.of("vcpu", "0.6"));
  private static final Agreements BEGUN = Agreements.of(List.of(TEN, RI, PLAN));

  private static AccountDiscount until(AccountDiscount one, @Nullable Hour end) {
    return new AccountDiscount(one.id(), one.items(), one.share(), one.from(), end);
  }

  private static AccountDiscount from(AccountDiscount one, Hour start) {
    return new AccountDiscount(one.id(), one.items(), one.share(), start, one.to());
  }

  private static List<String> problems(Agreements before, List<Agreement> after, Hour first) {
    return catchThrowableOfType(
            InvalidAgreementsException.class, () -> before.supersede(Agreements.of(after), first))
        .problems();
  }

  @Test
  void whatStaysIsNoChange() {
    assertThat(BEGUN.supersede(Agreements.of(BEGUN.all()), LATER).isEmpty()).isTrue();
  }

  @Test
  void whatHasBegunEndsAtTheNextHourOrLater() {
    AccountDiscount ended = until(TEN, NEXT);
    AgreementChange change = BEGUN.supersede(Agreements.of(List.of(ended, RI, PLAN)), NEXT);
    assertThat(change.gone()).containsExactly(TEN);
    assertThat(change.added()).containsExactly(ended);

    assertThat(problems(BEGUN, List.of(ended, RI, PLAN), LATER))
        .containsExactly(
            "ten has begun at %s: nothing of it can change but its end, at %s or later"
                .formatted(HOUR, LATER));
    Agreements over = Agreements.of(List.of(ended));
    assertThat(over.supersede(Agreements.of(List.of(until(TEN, LATER))), NEXT).added())
        .as("its last hour is not over, so it can go on")
        .containsExactly(until(TEN, LATER));
    assertThat(problems(over, List.of(TEN), LATER)).hasSize(1);
  }

  @Test
  void everyChangeOfAnHourThatHasBegunIsNamed() {
    assertThat(
            problems(
                BEGUN,
                List.of(
                    new AccountDiscount(TEN.id(), TEN.items(), new BigDecimal("0.8"), HOUR, null),
                    plan("sp", "11", Map.of("vcpu", "0.6")),
                    discount("fresh", "ecs.*", "0.5")),
                NEXT))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("ten has begun").contains("nothing of it"),
            problem -> assertThat(problem).startsWith("sp has begun").contains("nothing of it"),
            problem -> assertThat(problem).startsWith("ri has begun").contains("left out"),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "fresh begins at %s; the first hour that has not begun is %s"
                            .formatted(HOUR, NEXT)));
  }

  @Test
  void whatHasNotBegunIsFree() {
    Agreements coming = Agreements.of(List.of(from(TEN, NEXT), PLAN));
    assertThat(coming.supersede(Agreements.of(List.of(PLAN)), NEXT).gone())
        .containsExactly(from(TEN, NEXT));
    assertThat(coming.supersede(Agreements.of(List.of(from(TEN, LATER), PLAN)), NEXT).added())
        .containsExactly(from(TEN, LATER));
    assertThat(problems(coming, List.of(TEN, PLAN), NEXT))
        .singleElement()
        .asString()
        .startsWith("ten begins at");
  }
}
