package io.podyard.billing;

import io.podyard.billing.PlainRecount.PlainPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Four random prices of each item, the first of which has been there for ever.
 *
 * @param plain the same for {@link PlainRecount}, in seconds from a moment on
 */
public record RandomBook(PriceBook book, PlainPrice[] plain) {

  private static final List<Item> ITEMS =
      List.of(Item.VCPU, Item.MEMORY, Item.GPU, Item.EPHEMERAL_STORAGE);

  public static RandomBook of(Random random, Instant start) {
    PlainPrice[] plain = new PlainPrice[ITEMS.size()];
    List<Price> prices = new ArrayList<>();
    for (int item = 0; item < plain.length; item++) {
      long[] from = {-100_000, random.nextLong(9000), 9000 + random.nextLong(9000), 20_000};
      long[] trillionths = random.longs(4, 0, 100_000_000).toArray();
      for (int i = 0; i < from.length; i++) {
        prices.add(
            Usage.price(
                "*",
                ITEMS.get(item),
                "CNY",
                BigDecimal.valueOf(trillionths[i], 12).toPlainString(),
                start.plusSeconds(from[i]),
                i + 1 < from.length ? start.plusSeconds(from[i + 1]) : null));
      }
      plain[item] = new PlainPrice(from, trillionths);
    }
    return new RandomBook(PriceBook.of(prices), plain);
  }
}
