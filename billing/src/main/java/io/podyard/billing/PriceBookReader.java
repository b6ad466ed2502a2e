package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one price book, collecting every mistake with the place where it is. */
final class PriceBookReader {

  private static final Set<String> FIELDS = Set.of("format", "about", "prices");
  private static final Set<String> PRICE_FIELDS =
      Set.of("region", "item", "currency", "perSecond", "validFrom", "validTo");

  private final List<String> problems = new ArrayList<>();

  /**
   * @throws InvalidPriceBookException if there was any mistake
   */
  List<Price> read(JsonNode root) {
    List<Price> prices = new ArrayList<>();
    if (!root.isObject()) {
      problems.add("the file must hold one JSON object");
    } else {
      refuseOthers(root, FIELDS, "");
      String format = text(root, "format", "", Function.identity());
      if (format != null && !format.equals(PriceBookFile.FORMAT)) {
        problems.add("format must be '%s', not '%s'".formatted(PriceBookFile.FORMAT, format));
      }
      if (root.has("about")) {
        String unused = text(root, "about", "", Function.identity());
      }
      readPrices(root.get("prices"), prices);
    }
    if (!problems.isEmpty()) {
      throw new InvalidPriceBookException(problems);
    }
    return prices;
  }

  private void readPrices(@Nullable JsonNode list, List<Price> prices) {
    if (list == null || !list.isArray()) {
      problems.add("prices must be a list");
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
      problems.add(place + " must be an object");
      return null;
    }
    String at = place + ".";
    refuseOthers(node, PRICE_FIELDS, at);
    RegionPattern region = text(node, "region", at, RegionPattern::new);
    Item item = text(node, "item", at, PriceBookReader::item);
    CurrencyCode currency = text(node, "currency", at, PriceBookReader::currency);
    BigDecimal perSecond = text(node, "perSecond", at, PriceBookReader::decimal);
    Instant from = text(node, "validFrom", at, PriceBookReader::instant);
    boolean hasEnd = node.has("validTo");
    Instant to = hasEnd ? text(node, "validTo", at, PriceBookReader::instant) : null;
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
      problems.add(place + ": " + e.getMessage());
      return null;
    }
  }

  /** The value of a field that must be there, or null after noting what is wrong with it. */
  private <T> @Nullable T text(
      JsonNode node, String field, String at, Function<String, T> reading) {
    JsonNode value = node.get(field);
    if (value == null) {
      problems.add(at + field + " is missing");
      return null;
    }
    if (!value.isString()) {
      problems.add(at + field + " must be a text in quotes, not " + value);
      return null;
    }
    try {
      return reading.apply(value.stringValue());
    } catch (IllegalArgumentException e) {
      problems.add(at + field + ": " + e.getMessage());
      return null;
    }
  }

  private void refuseOthers(JsonNode node, Set<String> known, String at) {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        problems.add(at + name + " is not known");
      }
    }
  }

  private static Item item(String code) {
    return Item.ofCode(code)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("must be one of %s, a model of GPUs like gpu-A10, or an instance type like"
                            + " ecs.g7.large, not '%s'")
                        .formatted(Item.parts(), code)));
  }

  private static CurrencyCode currency(String code) {
    try {
      return new CurrencyCode(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be an ISO 4217 code, not '" + code + "'", e);
    }
  }

  private static BigDecimal decimal(String number) {
    // Ordinary notation only: '1e999999999' would be a number too, and one that cannot be written.
    if (!number.matches("[0-9]{1,12}(\\.[0-9]{1,30})?")) {
      throw new IllegalArgumentException("must be a number like 0.000049, not '" + number + "'");
    }
    return new BigDecimal(number);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "must be a UTC time like 2018-08-08T00:00:00Z, not '" + text + "'", e);
    }
  }
}
