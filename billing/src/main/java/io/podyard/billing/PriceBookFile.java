package io.podyard.billing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A price book as a JSON file that people edit:
 *
 * <pre>{@code
 * {
 *   "format": "podyard-price-book/1",
 *   "about": "free text for readers, optional",
 *   "prices": [
 *     {
 *       "region": "cn-*",
 *       "item": "vcpu",
 *       "currency": "CNY",
 *       "perSecond": "0.000049",
 *       "validFrom": "2018-08-08T00:00:00Z",
 *       "validTo": "2027-01-01T00:00:00Z"
 *     }
 *   ]
 * }
 * }</pre>
 *
 * <p>{@code region} is a {@link RegionPattern}, {@code item} an {@link Item#code()}, {@code
 * perSecond} a decimal number in quotes (so that no program on its way makes it a binary fraction),
 * {@code validTo} may be left out for no end. Anything else is refused, and all mistakes are
 * reported at once.
 */
public final class PriceBookFile {

  /** What the field {@code format} of every file says. */
  public static final String FORMAT = "podyard-price-book/1";

  private static final String SHIPPED = "price-book.json";
  private static final String EXAMPLES = "example-prices.json";

  private PriceBookFile() {}

  /** The book that Podyard brings with it: published prices, see its own text. */
  public static PriceBook shipped() {
    return resource(SHIPPED);
  }

  /** Invented prices of items that the shipped book has none for, to try them out. */
  public static PriceBook examples() {
    return resource(EXAMPLES);
  }

  private static PriceBook resource(String name) {
    try (InputStream file = PriceBookFile.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing in this build");
      }
      return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The book in the text of a file.
   *
   * @throws InvalidPriceBookException with every mistake and where it is
   */
  public static PriceBook parse(String text) {
    List<String> problems = new ArrayList<>();
    JsonNode root = FileFields.root(text, problems);
    if (root == null) {
      throw new InvalidPriceBookException(problems);
    }
    return PriceBook.of(new PriceBookReader(null).read(root));
  }

  /**
   * The prices in the text of a file that are to {@linkplain PriceBook#supersede supersede} others;
   * there {@code validFrom} may be left out too.
   *
   * @param soon where prices begin that do not say it
   * @throws InvalidPriceBookException with every mistake and where it is
   */
  public static List<Price> prices(String text, Instant soon) {
    List<String> problems = new ArrayList<>();
    JsonNode root = FileFields.root(text, problems);
    if (root == null) {
      throw new InvalidPriceBookException(problems);
    }
    return new PriceBookReader(soon).read(root);
  }

  /** The text of a file that {@link #parse} reads back as an equal book. */
  public static String write(PriceBook book) {
    ObjectNode root = FileFields.JSON.createObjectNode();
    root.put("format", FORMAT);
    root.set("prices", array(book.prices()));
    return FileFields.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  /** Prices as the list in such a file. */
  public static String list(List<Price> prices) {
    return FileFields.JSON.writeValueAsString(array(prices));
  }

  private static ArrayNode array(List<Price> prices) {
    ArrayNode array = FileFields.JSON.createArrayNode();
    for (Price price : prices) {
      ObjectNode node = array.addObject();
      node.put("region", price.region().value());
      node.put("item", price.item().code());
      node.put("currency", price.currency().value());
      node.put("perSecond", price.perSecond().toPlainString());
      node.put("validFrom", price.validFrom().toString());
      if (price.validTo() != null) {
        node.put("validTo", price.validTo().toString());
      }
    }
    return array;
  }
}
