package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.reserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementsFileTest {

  @Test
  void whatIsWrittenIsReadBackEqual() {
    Agreements agreements =
        Agreements.of(
            List.of(
                discount("ten", "ecs.*", "0.9"),
                new AccountDiscount(
                    new AgreementId("once"),
                    ItemPattern.ALL,
                    new BigDecimal("0.5"),
                    HOUR,
                    HOUR.next()),
                reserved("ri", null, 2, "0.0001"),
                reserved("ri-b", B, 1, "0"),
                plan("sp", "10", Map.of("vcpu", "0.6", "*", "1"))));

    String text = AgreementsFile.write(agreements);

    assertThat(AgreementsFile.parse(text)).isEqualTo(agreements);
    assertThat(AgreementsFile.parse("{\"format\": \"podyard-agreements/1\"}"))
        .isEqualTo(Agreements.NONE);
  }

  @Test
  void everyMistakeIsReportedWithItsPlace() {
    assertThat(
            problems(
                """
                {
                  "format": "podyard-agreements/2",
                  "account": "1",
                  "discounts": [
                    {"id": "a b", "items": "disk", "share": 0.9, "from": "2026-01-01T00:30:00Z"},
                    {"id": "a", "items": "*", "share": "1.5", "from": "2026-01-01T00:00:00Z"},
                    "free"
                  ],
                  "reservedInstances": [
                    {"id": "r", "instanceType": "vcpu", "region": "cn-hangzhou", "count": "2",
                     "currency": "CNY", "perSecond": "1", "from": "2026-01-01T00:00:00Z"},
                    {"id": "r", "instanceType": "ecs.a", "region": "cn-hangzhou", "count": "-1",
                     "currency": "YUAN", "perSecond": "1", "from": "2026-01-01T00:00:00Z"}
                  ],
                  "savingsPlans": [
                    {"id": "s", "currency": "CNY", "perHour": "1", "years": "2",
                     "rates": [{"items": "disk", "share": "1"}, {"items": "vcpu", "share": "much"},
                               {"items": "*", "share": "1"}, {"items": "*", "share": "0.5"},
                               "all"], "to": "2026-01-01T00:00:00Z",
                     "from": "2026-01-01T00:00:00Z"},
                    {"id": "s", "currency": "CNY", "perHour": "1", "years": "1",
                     "from": "2026-01-01T00:00:00Z"}
                  ]
                }
                """))
        .satisfiesExactly(
            problem -> assertThat(problem).isEqualTo("account is not known"),
            problem -> assertThat(problem).startsWith("format must be 'podyard-agreements/1'"),
            problem -> assertThat(problem).startsWith("discounts[0].id: ").contains("'a b'"),
            problem -> assertThat(problem).startsWith("discounts[0].items: must be an item"),
            problem -> assertThat(problem).startsWith("discounts[0].share must be a text"),
            problem -> assertThat(problem).startsWith("discounts[0].from: an hour starts on"),
            problem -> assertThat(problem).startsWith("discounts[1]: a share is from 0 to 1"),
            problem -> assertThat(problem).isEqualTo("discounts[2] must be an object"),
            problem -> assertThat(problem).startsWith("reservedInstances[0]: only instance types"),
            problem ->
                assertThat(problem).startsWith("reservedInstances[1].count: must be a whole"),
            problem -> assertThat(problem).startsWith("reservedInstances[1].currency: "),
            problem -> assertThat(problem).isEqualTo("savingsPlans[0].to is not known"),
            problem ->
                assertThat(problem).isEqualTo("savingsPlans[0].years: must be 1 or 3, not '2'"),
            problem ->
                assertThat(problem).startsWith("savingsPlans[0].rates[0].items: must be an item"),
            problem ->
                assertThat(problem).startsWith("savingsPlans[0].rates[1].share: must be a number"),
            problem ->
                assertThat(problem)
                    .isEqualTo("savingsPlans[0].rates[3].items: there are two rates of *"),
            problem -> assertThat(problem).isEqualTo("savingsPlans[0].rates[4] must be an object"),
            problem -> assertThat(problem).isEqualTo("savingsPlans[1].rates must be a list"));
  }

  @Test
  void textThatIsNoSuchFileIsRefused() {
    assertThat(problems("")).isNotEmpty();
    assertThat(problems("[]")).containsExactly("the file must hold one JSON object");
    assertThat(problems("{\n\"format\": oops}"))
        .singleElement()
        .asString()
        .startsWith("line 2 is not JSON");
    assertThat(problems("{\"format\": \"podyard-agreements/1\", \"discounts\": 1}"))
        .containsExactly("discounts must be a list");
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(InvalidAgreementsException.class, () -> AgreementsFile.parse(text))
        .problems();
  }
}
