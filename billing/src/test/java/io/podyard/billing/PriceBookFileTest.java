package io.podyard.billing;

import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.SINGAPORE;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceBookFileTest {

  private static final Instant PUBLISHED = Instant.parse("2018-08-08T00:00:00Z");

  @Test
  void theShippedBookHasThePublishedPrices() {
    assertThat(PriceBookFile.shipped())
        .isEqualTo(
            PriceBook.of(
                List.of(
                    price("cn-*", Item.VCPU, "CNY", "0.000049", PUBLISHED, null),
                    price("cn-*", Item.ECONOMY_VCPU, "CNY", "0.000027", PUBLISHED, null),
                    price("cn-*", Item.MEMORY, "CNY", "0.00000613", PUBLISHED, null),
                    price("*", Item.VCPU, "USD", "0.0000077", PUBLISHED, null),
                    price("*", Item.MEMORY, "USD", "0.00000096", PUBLISHED, null))));
  }

  @Test
  void theShippedBookPricesEveryRegionInItsCurrency() {
    PriceBook book = PriceBookFile.shipped();

    assertThat(book.price(HANGZHOU, Item.VCPU, T0).currency().value()).isEqualTo("CNY");
    assertThat(book.price(SINGAPORE, Item.VCPU, T0).currency().value()).isEqualTo("USD");
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "USD", "0.000000000001", T0, at(10)),
                price("*", Item.VCPU, "USD", "100", at(10), null),
                price("cn-hangzhou", Item.MEMORY, "USD", "0", T0, null)));

    String text = PriceBookFile.write(book);

    assertThat(PriceBookFile.parse(text)).isEqualTo(book);
    assertThat(text).contains("\"0.000000000001\"", "\"100\"").doesNotContain("E");
  }

  @Test
  void pricesOfAnImportThatDoNotSayItBeginSoon() {
    String text =
        book(
            """
            {"region": "*", "item": "vcpu", "currency": "CNY", "perSecond": "1"},
            {"region": "*", "item": "memory", "currency": "CNY", "perSecond": "1",
             "validFrom": "2018-08-08T00:00:00Z"}
            """);

    assertThat(PriceBookFile.prices(text, T0))
        .containsExactly(
            price("*", Item.VCPU, "CNY", "1", T0, null),
            price("*", Item.MEMORY, "CNY", "1", PUBLISHED, null));
    assertThat(problems(text)).containsExactly("prices[0].validFrom is missing");
    assertThat(PriceBookFile.list(PriceBookFile.prices(text, T0)))
        .startsWith("[{\"region\":\"*\",\"item\":\"vcpu\"")
        .contains("\"validFrom\":\"2026-03-01T08:00:00Z\"}");
  }

  @Test
  void everyMistakeIsReportedWithItsPlace() {
    assertThat(
            problems(
                """
                {
                  "format": "podyard-price-book/2",
                  "price": [],
                  "prices": [
                    {"region": "c*n", "item": "disk", "currency": "YUAN", "perSecond": 0.000049,
                     "validFrom": "2018-08-08", "validTo": null, "perHour": "1"},
                    {"region": "*", "item": "vcpu", "currency": "CNY", "perSecond": "-1",
                     "validFrom": "2018-08-08T00:00:00Z"},
                    {"region": "*", "item": "vcpu", "currency": "CNY", "perSecond": "1",
                     "validFrom": "2018-08-08T00:00:00Z", "validTo": "2018-08-08T00:00:00Z"},
                    "free",
                    {"region": "*", "item": "vcpu", "currency": "CNY",
                     "validFrom": "2018-08-08T00:00:00Z"}
                  ]
                }
                """))
        .satisfiesExactly(
            problem -> assertThat(problem).isEqualTo("price is not known"),
            problem -> assertThat(problem).startsWith("format must be 'podyard-price-book/1'"),
            problem -> assertThat(problem).isEqualTo("prices[0].perHour is not known"),
            problem -> assertThat(problem).startsWith("prices[0].region: "),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "prices[0].item: must be one of [vcpu, economy-vcpu, memory, gpu,"
                            + " ephemeral-storage, image-cache-disk, image-cache-storage,"
                            + " image-cache-use, data-cache-disk, data-cache-storage,"
                            + " data-cache-use, volume], a model of GPUs like gpu-A10, or an"
                            + " instance type like ecs.g7.large, not 'disk'"),
            problem -> assertThat(problem).startsWith("prices[0].currency: ").contains("'YUAN'"),
            problem -> assertThat(problem).startsWith("prices[0].perSecond must be a text"),
            problem -> assertThat(problem).startsWith("prices[0].validFrom: must be a UTC time"),
            problem -> assertThat(problem).startsWith("prices[0].validTo must be a text"),
            problem -> assertThat(problem).startsWith("prices[1].perSecond: must be a number"),
            problem ->
                assertThat(problem).startsWith("prices[2]: a price must be valid for a time"),
            problem -> assertThat(problem).isEqualTo("prices[3] must be an object"),
            problem -> assertThat(problem).isEqualTo("prices[4].perSecond is missing"));
  }

  @Test
  void textThatIsNoSuchFileIsRefused() {
    assertThat(problems("")).isNotEmpty();
    assertThat(problems("[]")).containsExactly("the file must hold one JSON object");
    assertThat(problems("{\"format\": \"podyard-price-book/1\"}"))
        .containsExactly("prices must be a list");
    assertThat(problems("{\n\"format\": oops}"))
        .singleElement()
        .asString()
        .startsWith("line 2 is not JSON");
    assertThat(problems(book("") + " trailing")).isNotEmpty();
    assertThat(problems("{\"prices\": [], " + book("").substring(1))).isNotEmpty();
  }

  @Test
  void aBookThatContradictsItselfIsRefused() {
    String price =
        """
        {"region": "*", "item": "vcpu", "currency": "CNY", "perSecond": "1",
         "validFrom": "2018-08-08T00:00:00Z"}
        """;

    assertThat(problems(book(price + "," + price))).singleElement().asString().contains("overlaps");
  }

  @Test
  void aNumberInScientificNotationIsRefused() {
    assertThat(
            problems(
                book(
                    """
                    {"region": "*", "item": "vcpu", "currency": "CNY",
                     "perSecond": "1e999999999", "validFrom": "2018-08-08T00:00:00Z"}
                    """)))
        .containsExactly("prices[0].perSecond: must be a number like 0.000049, not '1e999999999'");
  }

  private static String book(String prices) {
    return "{\"format\": \"podyard-price-book/1\", \"about\": \"a test\", \"prices\": ["
        + prices
        + "]}";
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(InvalidPriceBookException.class, () -> PriceBookFile.parse(text))
        .problems();
  }
}
