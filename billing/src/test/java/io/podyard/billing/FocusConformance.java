package io.podyard.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Checks a dataset against the columns and the rules of FOCUS 1.2. */
final class FocusConformance {

  private record Column(String level, boolean nullable, String type, List<String> allowed) {}

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private FocusConformance() {}

  private static Map<String, Column> columns() {
    try (InputStream file =
        Objects.requireNonNull(
            FocusConformance.class.getResourceAsStream("focus-1.2-columns.txt"))) {
      Map<String, Column> columns = new LinkedHashMap<>();
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 5))
          .forEach(
              cells ->
                  columns.put(
                      cells[0],
                      new Column(
                          cells[1],
                          cells[2].equals("null"),
                          cells[3],
                          cells.length < 5 ? List.of() : List.of(cells[4].split("\\|", -1)))));
      return columns;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows by column after checking all of them; an empty field is null. */
  static List<Map<String, @Nullable String>> check(String csv) {
    List<List<@Nullable String>> parsed = parse(csv);
    List<@Nullable String> header = parsed.getFirst();
    Map<String, Column> columns = columns();
    assertThat(columns).hasSize(57);
    assertThat(header).doesNotHaveDuplicates().isSubsetOf(columns.keySet());
    columns.forEach(
        (name, column) -> {
          if (column.level().equals("Mandatory")) {
            assertThat(header).contains(name);
          }
        });
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    for (List<@Nullable String> fields : parsed.subList(1, parsed.size())) {
      assertThat(fields).hasSameSizeAs(header);
      Map<String, @Nullable String> row = new LinkedHashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        String name = Objects.requireNonNull(header.get(i));
        checkField(name, Objects.requireNonNull(columns.get(name)), fields.get(i));
        row.put(name, fields.get(i));
      }
      checkRow(row);
      rows.add(row);
    }
    return rows;
  }

  private static void checkField(String name, Column column, @Nullable String value) {
    if (value == null) {
      assertThat(column.nullable()).as("%s may be null", name).isTrue();
      return;
    }
    switch (column.type()) {
      case "Decimal" -> assertThat(new BigDecimal(value)).as(name).isNotNull();
      case "DateTime" -> assertThat(Instant.parse(value)).asString().as(name).isEqualTo(value);
      case "Currency" -> assertThat(Currency.getInstance(value)).as(name).isNotNull();
      case "Json" -> assertThat(JSON.readTree(value).isObject()).as(name).isTrue();
      default -> assertThat(value).as(name).isNotBlank().isEqualTo(value.strip());
    }
    if (!column.allowed().isEmpty()) {
      assertThat(column.allowed()).as(name).contains(value);
    }
  }

  private static void checkRow(Map<String, @Nullable String> row) {
    boolean correction = row.get("ChargeClass") != null;
    boolean usage = "Usage".equals(row.get("ChargeCategory"));
    boolean unused = "Unused".equals(row.get("CommitmentDiscountStatus"));
    if (usage && !correction) {
      for (String name :
          List.of(
              "ListUnitPrice",
              "ContractedUnitPrice",
              "PricingCategory",
              "PricingQuantity",
              "PricingUnit",
              "SkuId",
              "SkuPriceId",
              "ResourceId")) {
        assertThat(row.get(name)).as(name).isNotNull();
      }
    }
    checkProduct(row, "ListUnitPrice", "ListCost");
    checkProduct(row, "ContractedUnitPrice", "ContractedCost");
    if (usage && !unused) {
      assertThat(row.get("ConsumedUnit")).isNotNull();
      if (!correction) {
        assertThat(new BigDecimal(row.get("ConsumedQuantity"))).isPositive();
      }
    } else {
      assertThat(row.get("ConsumedQuantity")).isNull();
      assertThat(row.get("ConsumedUnit")).isNull();
    }
    boolean committed = row.get("CommitmentDiscountId") != null;
    for (String name :
        List.of(
            "CommitmentDiscountCategory",
            "CommitmentDiscountType",
            "CommitmentDiscountStatus",
            "CommitmentDiscountQuantity",
            "CommitmentDiscountUnit")) {
      assertThat(row.get(name) != null).as(name).isEqualTo(committed);
    }
    assertThat("Committed".equals(row.get("PricingCategory"))).isEqualTo(committed);
    assertThat(row.get("ResourceId") == null).isEqualTo(row.get("ResourceType") == null);
    assertThat(row.get("RegionId") == null).isEqualTo(row.get("RegionName") == null);
    Instant start = instant(row, "ChargePeriodStart");
    assertThat(instant(row, "ChargePeriodEnd")).isAfter(start);
    assertThat(instant(row, "BillingPeriodEnd")).isAfter(instant(row, "BillingPeriodStart"));
    assertThat(start.isBefore(instant(row, "BillingPeriodStart"))).isEqualTo(correction);
    assertThat(row.get("ServiceCategory"))
        .isEqualTo(
            switch (Objects.requireNonNull(row.get("ServiceSubcategory"))) {
              case "Containers" -> "Compute";
              case "Block Storage", "Other (Storage)" -> "Storage";
              default -> "Other";
            });
  }

  private static Instant instant(Map<String, @Nullable String> row, String name) {
    return Instant.parse(Objects.requireNonNull(row.get(name)));
  }

  /** A price times the quantity is the cost; without a price the cost is what is billed. */
  private static void checkProduct(Map<String, @Nullable String> row, String price, String cost) {
    BigDecimal product =
        row.get(price) == null
            ? new BigDecimal(row.get("BilledCost"))
            : new BigDecimal(row.get(price)).multiply(new BigDecimal(row.get("PricingQuantity")));
    assertThat(new BigDecimal(row.get(cost))).as(cost).isEqualByComparingTo(product);
  }

  private static List<List<@Nullable String>> parse(String csv) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    List<@Nullable String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
        wasQuoted = true;
      } else if (c == ',' || c == '\n') {
        row.add(field.isEmpty() && !wasQuoted ? null : field.toString());
        field.setLength(0);
        wasQuoted = false;
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else if (c != '\r') {
        field.append(c);
      }
    }
    assertThat(row).as("the last row ends").isEmpty();
    return rows;
  }
}
