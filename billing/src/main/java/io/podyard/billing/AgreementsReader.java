package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the agreements of one account, collecting every mistake with the place where it is. */
final class AgreementsReader {

  static final String DISCOUNTS = "discounts";
  static final String RESERVED = "reservedInstances";
  static final String PLANS = "savingsPlans";
  static final List<String> LISTS = List.of(DISCOUNTS, RESERVED, PLANS);

  private static final Set<String> FIELDS = Set.of("format", "about", DISCOUNTS, RESERVED, PLANS);

  private final FileFields fields = new FileFields();

  /**
   * @throws InvalidAgreementsException if there was any mistake
   */
  List<Agreement> read(JsonNode root) {
    List<Agreement> agreements = new ArrayList<>();
    if (fields.isFile(root, FIELDS, AgreementsFile.FORMAT)) {
      agreements.addAll(list(root, DISCOUNTS, this::discount));
      agreements.addAll(list(root, RESERVED, this::reserved));
      agreements.addAll(list(root, PLANS, this::plan));
    }
    if (!fields.problems().isEmpty()) {
      throw new InvalidAgreementsException(fields.problems());
    }
    return agreements;
  }

  /** What stands at a place; its fields are named by {@code at}, which ends in a point. */
  private record Entry(JsonNode node, String at) {}

  private List<Agreement> list(
      JsonNode root, String name, Function<Entry, @Nullable Agreement> reading) {
    List<Agreement> agreements = new ArrayList<>();
    JsonNode list = root.get(name);
    if (list == null) {
      return agreements;
    }
    if (!list.isArray()) {
      fields.problem(name + " must be a list");
      return agreements;
    }
    for (int i = 0; i < list.size(); i++) {
      String place = name + "[" + i + "]";
      if (!list.get(i).isObject()) {
        fields.problem(place + " must be an object");
        continue;
      }
      Agreement agreement = reading.apply(new Entry(list.get(i), place + "."));
      if (agreement != null) {
        agreements.add(agreement);
      }
    }
    return agreements;
  }

  private @Nullable Agreement discount(Entry entry) {
    refuseOthers(entry, "id", "items", "share", "from", "to");
    int before = fields.problems().size();
    AgreementId id = text(entry, "id", AgreementId::new);
    ItemPattern items = text(entry, "items", ItemPattern::new);
    BigDecimal share = text(entry, "share", FileFields::decimal);
    Hour from = text(entry, "from", AgreementsReader::hour);
    Hour to = optional(entry, "to", AgreementsReader::hour);
    if (fields.problems().size() > before
        || id == null
        || items == null
        || share == null
        || from == null) {
      return null;
    }
    return made(entry, () -> new AccountDiscount(id, items, share, from, to));
  }

  private @Nullable Agreement reserved(Entry entry) {
    refuseOthers(
        entry,
        "id",
        "instanceType",
        "region",
        "zone",
        "count",
        "currency",
        "perSecond",
        "from",
        "to");
    int before = fields.problems().size();
    AgreementId id = text(entry, "id", AgreementId::new);
    Item type = text(entry, "instanceType", FileFields::item);
    RegionId region = text(entry, "region", RegionId::new);
    ZoneId zone = optional(entry, "zone", ZoneId::new);
    Integer count = text(entry, "count", AgreementsReader::count);
    Money perSecond = money(entry, "perSecond");
    Hour from = text(entry, "from", AgreementsReader::hour);
    Hour to = optional(entry, "to", AgreementsReader::hour);
    if (fields.problems().size() > before
        || id == null
        || type == null
        || region == null
        || count == null
        || perSecond == null
        || from == null) {
      return null;
    }
    return made(
        entry, () -> new ReservedInstances(id, type, region, zone, count, perSecond, from, to));
  }

  private @Nullable Agreement plan(Entry entry) {
    refuseOthers(entry, "id", "currency", "perHour", "years", "rates", "from");
    int before = fields.problems().size();
    AgreementId id = text(entry, "id", AgreementId::new);
    Money perHour = money(entry, "perHour");
    SavingsPlan.Term term = text(entry, "years", AgreementsReader::term);
    Map<ItemPattern, BigDecimal> rates = rates(entry);
    Hour from = text(entry, "from", AgreementsReader::hour);
    if (fields.problems().size() > before
        || id == null
        || perHour == null
        || term == null
        || from == null) {
      return null;
    }
    return made(entry, () -> new SavingsPlan(id, perHour, rates, term, from));
  }

  private Map<ItemPattern, BigDecimal> rates(Entry entry) {
    Map<ItemPattern, BigDecimal> rates = new TreeMap<>();
    JsonNode list = entry.node().get("rates");
    if (list == null || !list.isArray()) {
      fields.problem(entry.at() + "rates must be a list");
      return rates;
    }
    for (int i = 0; i < list.size(); i++) {
      String place = entry.at() + "rates[" + i + "]";
      if (!list.get(i).isObject()) {
        fields.problem(place + " must be an object");
        continue;
      }
      Entry rate = new Entry(list.get(i), place + ".");
      refuseOthers(rate, "items", "share");
      ItemPattern items = text(rate, "items", ItemPattern::new);
      BigDecimal share = text(rate, "share", FileFields::decimal);
      if (items != null && share != null && rates.put(items, share) != null) {
        fields.problem(place + ".items: there are two rates of " + items);
      }
    }
    return rates;
  }

  private @Nullable Money money(Entry entry, String field) {
    CurrencyCode currency = text(entry, "currency", FileFields::currency);
    BigDecimal amount = text(entry, field, FileFields::decimal);
    return currency == null || amount == null ? null : new Money(amount, currency);
  }

  private @Nullable Agreement made(Entry entry, Supplier<Agreement> making) {
    try {
      return making.get();
    } catch (IllegalArgumentException e) {
      String place = entry.at().substring(0, entry.at().length() - 1);
      fields.problem(place + ": " + e.getMessage());
      return null;
    }
  }

  private <T> @Nullable T text(Entry entry, String field, Function<String, T> reading) {
    return fields.text(entry.node(), field, entry.at(), reading);
  }

  private <T> @Nullable T optional(Entry entry, String field, Function<String, T> reading) {
    return entry.node().has(field) ? text(entry, field, reading) : null;
  }

  private void refuseOthers(Entry entry, String... known) {
    fields.refuseOthers(entry.node(), Set.copyOf(Arrays.asList(known)), entry.at());
  }

  private static Hour hour(String text) {
    return new Hour(FileFields.instant(text));
  }

  private static int count(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("must be a whole number like 2, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static SavingsPlan.Term term(String years) {
    for (SavingsPlan.Term term : SavingsPlan.Term.values()) {
      if (years.equals(String.valueOf(term.years()))) {
        return term;
      }
    }
    throw new IllegalArgumentException("must be 1 or 3, not '" + years + "'");
  }
}
