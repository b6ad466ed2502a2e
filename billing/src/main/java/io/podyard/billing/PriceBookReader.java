package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one price book, collecting every mistake with the place where it is. */
final class PriceBookReader {

  private static final Set<String> FIELDS = Set.of("format", "about", "prices");
  private static final Set<String> PRICE_FIELDS =
      Set.of("region", "item", "currency", "perSecond", "validFrom", "validTo");

  private final FileFields fields = new FileFields();
  private final @Nullable Instant soon;

  /**
   * @param soon where prices begin that say nothing of it; null if they must
   */
  PriceBookReader(@Nullable Instant soon) {
    this.soon = soon;
  }

  /**
   * @throws InvalidPriceBookException if there was any mistake
   */
  List<Price> read(JsonNode root) {
    List<Price> prices = new ArrayList<>();
    if (fields.isFile(root, FIELDS, PriceBookFile.FORMAT)) {
      readPrices(root.get("prices"), prices);
    }
    if (!fields.problems().isEmpty()) {
      throw new InvalidPriceBookException(fields.problems());
    }
    return prices;
  }

  private void readPrices(@Nullable JsonNode list, List<Price> prices) {
    if (list == null || !list.isArray()) {
      fields.problem("prices must be a list");
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      Price price = price(list.get(i), "prices[" + i + "]");
      if (price != null) {
        prices.add(price);
      }
    }
  }

  private @Nullable Price price(JsonNode node, String place) {
    if (!node.isObject()) {
      fields.problem(place + " must be an object");
      return null;
    }
    String at = place + ".";
    fields.refuseOthers(node, PRICE_FIELDS, at);
    RegionPattern region = fields.text(node, "region", at, RegionPattern::new);
    Item item = fields.text(node, "item", at, FileFields::item);
    CurrencyCode currency = fields.text(node, "currency", at, FileFields::currency);
    BigDecimal perSecond = fields.text(node, "perSecond", at, FileFields::decimal);
    Instant from =
        soon == null || node.has("validFrom")
            ? fields.text(node, "validFrom", at, FileFields::instant)
            : soon;
    boolean hasEnd = node.has("validTo");
    Instant to = hasEnd ? fields.text(node, "validTo", at, FileFields::instant) : null;
    if (region == null
        || item == null
        || currency == null
        || perSecond == null
        || from == null
        || (hasEnd && to == null)) {
      return null;
    }
    try {
      return new Price(region, item, currency, perSecond, from, to);
    } catch (IllegalArgumentException e) {
      fields.problem(place + ": " + e.getMessage());
      return null;
    }
  }
}
