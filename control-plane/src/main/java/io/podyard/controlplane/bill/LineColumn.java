package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import java.math.BigDecimal;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The columns of settled lines in a file, in their order, and the fields of one in JSON. Their
 * names never change, and new ones come last. What a column holds is in {@code docs/bills.md}.
 */
enum LineColumn {
  LINE_ID("lineId", (stored, month) -> stored.id().toString()),
  ACCOUNT_ID("accountId", (stored, month) -> stored.line().of().account().value()),
  BILL_MONTH("billMonth", (stored, month) -> month.toString()),
  HOUR("hour", (stored, month) -> stored.line().of().hour().toString()),
  RESOURCE_KIND("resourceKind", (stored, month) -> stored.line().slot().resource().kind().code()),
  RESOURCE_ID("resourceId", (stored, month) -> stored.line().slot().resource().id()),
  RESOURCE_NAME("resourceName", (stored, month) -> stored.facts().name()),
  REVISION("revision", (stored, month) -> Integer.toString(stored.line().revision())),
  REGION_ID("regionId", (stored, month) -> text(stored.line().slot().region())),
  ZONE_ID("zoneId", (stored, month) -> text(stored.line().slot().zone())),
  ITEM("item", (stored, month) -> text(stored.line().slot().item())),
  KIND("kind", (stored, month) -> stored.line().slot().kind().code()),
  AGREEMENT_ID("agreementId", (stored, month) -> text(stored.line().slot().agreement())),
  UNITS("units", (stored, month) -> number(stored.line().units())),
  UNIT("unit", (stored, month) -> stored.line().slot().unit()),
  LIST_PRICE("listPrice", (stored, month) -> number(stored.line().slot().listPrice())),
  UNIT_PRICE("unitPrice", (stored, month) -> number(stored.line().slot().unitPrice())),
  AMOUNT("amount", (stored, month) -> number(stored.line().amount().amount())),
  CURRENCY("currency", (stored, month) -> stored.line().slot().currency().value()),
  WHY("why", (stored, month) -> stored.line().why() == null ? null : stored.line().why().code()),
  SENTENCE("sentence", (stored, month) -> stored.line().sentence()),
  SETTLED_AT("settledAt", (stored, month) -> stored.settledAt().toString()),
  TAGS("tags", (stored, month) -> json(stored));

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String title;
  private final BiFunction<StoredLine, BillMonth, @Nullable String> value;

  LineColumn(String title, BiFunction<StoredLine, BillMonth, @Nullable String> value) {
    this.title = title;
    this.value = value;
  }

  String title() {
    return title;
  }

  @Nullable String of(StoredLine line, BillMonth month) {
    return value.apply(line, month);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static String number(BigDecimal value) {
    return ExactText.of(value);
  }

  private static @Nullable String json(StoredLine stored) {
    return stored.facts().tags().isEmpty() ? null : JSON.writeValueAsString(stored.facts().tags());
  }
}
