package io.podyard.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The agreements of one account as a JSON file that people edit:
 *
 * <pre>{@code
 * {
 *   "format": "podyard-agreements/1",
 *   "about": "free text for readers, optional",
 *   "discounts": [
 *     {"id": "ten", "items": "ecs.*", "share": "0.9",
 *      "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
 *   ],
 *   "reservedInstances": [
 *     {"id": "ri-1", "instanceType": "ecs.g7.large", "region": "cn-hangzhou", "zone": "cn-hangzhou-b",
 *      "count": "2", "currency": "CNY", "perSecond": "0.0001", "from": "2026-01-01T00:00:00Z"}
 *   ],
 *   "savingsPlans": [
 *     {"id": "sp-1", "currency": "CNY", "perHour": "10", "years": "3",
 *      "rates": [{"items": "vcpu", "share": "0.6"}, {"items": "ecs.*", "share": "0.55"}],
 *      "from": "2026-01-01T00:00:00Z"}
 *   ]
 * }
 * }</pre>
 *
 * <p>Lists, {@code zone} and {@code to} may be left out. A {@code share} and the {@code rates} are
 * what is paid of the price. Numbers stand in quotes, times are whole hours. Anything else is
 * refused, and all mistakes are reported at once.
 */
public final class AgreementsFile {

  /** What the field {@code format} of every file says. */
  public static final String FORMAT = "podyard-agreements/1";

  private AgreementsFile() {}

  /**
   * The agreements in the text of a file.
   *
   * @throws InvalidAgreementsException with every mistake and where it is
   */
  public static Agreements parse(String text) {
    List<String> problems = new ArrayList<>();
    JsonNode root = FileFields.root(text, problems);
    if (root == null) {
      throw new InvalidAgreementsException(problems);
    }
    return Agreements.of(new AgreementsReader().read(root));
  }

  /** The text of a file that {@link #parse} reads back as equal agreements. */
  public static String write(Agreements agreements) {
    ObjectNode root = FileFields.JSON.createObjectNode();
    root.put("format", FORMAT);
    for (String list : AgreementsReader.LISTS) {
      root.putArray(list);
    }
    for (Agreement agreement : agreements.all()) {
      root.withArray(kind(agreement)).add(node(agreement));
    }
    return FileFields.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  /** The name of the list of such a file that an agreement belongs to. */
  public static String kind(Agreement agreement) {
    return switch (agreement) {
      case AccountDiscount _ -> AgreementsReader.DISCOUNTS;
      case ReservedInstances _ -> AgreementsReader.RESERVED;
      case SavingsPlan _ -> AgreementsReader.PLANS;
    };
  }

  /** An agreement as it stands in its list. */
  public static String entry(Agreement agreement) {
    return node(agreement).toString();
  }

  /**
   * The agreement of such an entry.
   *
   * @throws InvalidAgreementsException with every mistake and where it is
   */
  public static Agreement read(String kind, String entry) {
    ObjectNode root = FileFields.JSON.createObjectNode().put("format", FORMAT);
    root.putArray(kind).add(FileFields.JSON.readTree(entry));
    return new AgreementsReader().read(root).getFirst();
  }

  private static ObjectNode node(Agreement agreement) {
    ObjectNode node = FileFields.JSON.createObjectNode();
    node.put("id", agreement.id().value());
    switch (agreement) {
      case AccountDiscount discount -> {
        node.put("items", discount.items().value());
        node.put("share", discount.share().toPlainString());
      }
      case ReservedInstances reserved -> {
        node.put("instanceType", reserved.instanceType().code());
        node.put("region", reserved.region().value());
        if (reserved.zone() != null) {
          node.put("zone", reserved.zone().value());
        }
        node.put("count", String.valueOf(reserved.count()));
        node.put("currency", reserved.perSecond().currency().value());
        node.put("perSecond", reserved.perSecond().amount().toPlainString());
      }
      case SavingsPlan plan -> {
        node.put("currency", plan.perHour().currency().value());
        node.put("perHour", plan.perHour().amount().toPlainString());
        node.put("years", String.valueOf(plan.term().years()));
        ArrayNode rates = node.putArray("rates");
        Map<ItemPattern, BigDecimal> inOrder = new TreeMap<>(plan.rates());
        inOrder.forEach(
            (items, share) ->
                rates.addObject().put("items", items.value()).put("share", share.toPlainString()));
      }
    }
    node.put("from", agreement.from().toString());
    Hour end = agreement.to();
    if (end != null && !(agreement instanceof SavingsPlan)) {
      node.put("to", end.toString());
    }
    return node;
  }
}
