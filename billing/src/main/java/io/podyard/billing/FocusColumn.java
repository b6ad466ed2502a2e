package io.podyard.billing;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The columns of FOCUS 1.2 that apply here. Left out are those for what there is not: capacity
 * reservations, prices in another currency than the bill's, sub-accounts and kinds of accounts.
 */
enum FocusColumn {
  AvailabilityZone((row, bill) -> text(row.slot() == null ? null : row.slot().zone())),
  BilledCost((row, bill) -> number(row.amount())),
  BillingAccountId((row, bill) -> row.account().value()),
  BillingAccountName((row, bill) -> bill.accountName()),
  BillingCurrency((row, bill) -> row.currency().value()),
  BillingPeriodEnd((row, bill) -> text(bill.month().period().end())),
  BillingPeriodStart((row, bill) -> text(bill.month().period().start())),
  ChargeCategory((row, bill) -> row.slot() == null ? "Adjustment" : "Usage"),
  ChargeClass((row, bill) -> row.correction() ? "Correction" : null),
  ChargeDescription((row, bill) -> row.description()),
  ChargeFrequency(
      (row, bill) ->
          row.slot() == null
              ? "One-Time"
              : row.isOf(ChargeKind.UNUSED) ? "Recurring" : "Usage-Based"),
  ChargePeriodEnd((row, bill) -> text(row.charged().end())),
  ChargePeriodStart((row, bill) -> text(row.charged().start())),
  CommitmentDiscountCategory(
      (row, bill) -> row.isCommitted() ? row.isReserved() ? "Usage" : "Spend" : null),
  CommitmentDiscountId(
      (row, bill) -> row.isCommitted() && row.slot() != null ? text(row.slot().agreement()) : null),
  CommitmentDiscountName((row, bill) -> null),
  CommitmentDiscountQuantity(
      (row, bill) ->
          row.isCommitted() ? number(row.isReserved() ? row.units() : row.amount()) : null),
  CommitmentDiscountStatus(
      (row, bill) -> row.isCommitted() ? row.isOf(ChargeKind.UNUSED) ? "Unused" : "Used" : null),
  CommitmentDiscountType(
      (row, bill) ->
          row.isCommitted() ? row.isReserved() ? "Reserved Instances" : "Savings Plan" : null),
  CommitmentDiscountUnit(
      (row, bill) ->
          row.isCommitted() ? row.isReserved() ? unit(row) : row.currency().value() : null),
  ConsumedQuantity((row, bill) -> row.isOf(ChargeKind.UNUSED) ? null : number(row.units())),
  ConsumedUnit((row, bill) -> row.isOf(ChargeKind.UNUSED) ? null : unit(row)),
  ContractedCost((row, bill) -> number(row.at(row.contractedPrice()))),
  ContractedUnitPrice((row, bill) -> number(row.contractedPrice())),
  EffectiveCost((row, bill) -> number(row.amount())),
  InvoiceId((row, bill) -> bill.invoice()),
  InvoiceIssuerName((row, bill) -> bill.issuer()),
  ListCost((row, bill) -> number(row.at(row.slot() == null ? null : row.slot().listPrice()))),
  ListUnitPrice((row, bill) -> number(row.slot() == null ? null : row.slot().listPrice())),
  PricingCategory(
      (row, bill) ->
          row.slot() == null
              ? null
              : switch (row.slot().kind()) {
                case USAGE -> "Standard";
                case SPOT -> "Dynamic";
                case RESERVED, SAVINGS_PLAN, UNUSED -> "Committed";
              }),
  PricingQuantity((row, bill) -> number(row.units())),
  PricingUnit((row, bill) -> unit(row)),
  ProviderName((row, bill) -> bill.provider()),
  PublisherName((row, bill) -> bill.provider()),
  RegionId((row, bill) -> text(row.slot() == null ? null : row.slot().region())),
  RegionName((row, bill) -> text(row.slot() == null ? null : row.slot().region())),
  ResourceId((row, bill) -> row.slot() == null ? null : row.slot().resource().id()),
  ResourceName((row, bill) -> row.slot() == null ? null : row.facts().name()),
  ResourceType((row, bill) -> row.slot() == null ? null : type(row.slot().resource().kind())),
  ServiceCategory((row, bill) -> service(row).category),
  ServiceName((row, bill) -> service(row).words),
  ServiceSubcategory((row, bill) -> service(row).subcategory),
  SkuId((row, bill) -> sku(row)),
  SkuMeter((row, bill) -> row.item() == null ? null : row.item().code()),
  SkuPriceDetails((row, bill) -> null),
  SkuPriceId((row, bill) -> skuPrice(row)),
  Tags((row, bill) -> row.facts().tags().isEmpty() ? null : json(row.facts().tags()));

  /** Services as FOCUS sorts them. */
  private enum Service {
    CONTAINERS("Container groups", "Compute", "Containers"),
    DISKS("Disks", "Storage", "Block Storage"),
    CACHES("Caches", "Storage", "Other (Storage)"),
    BILLING("Billing", "Other", "Other (Other)");

    final String words;
    final String category;
    final String subcategory;

    Service(String words, String category, String subcategory) {
      this.words = words;
      this.category = category;
      this.subcategory = subcategory;
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final BiFunction<FocusRow, FocusExport.Heading, @Nullable String> value;

  FocusColumn(BiFunction<FocusRow, FocusExport.Heading, @Nullable String> value) {
    this.value = value;
  }

  @Nullable String of(FocusRow row, FocusExport.Heading bill) {
    return value.apply(row, bill);
  }

  private static @Nullable String number(@Nullable BigDecimal value) {
    return value == null ? null : Decimals.words(value);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static String json(Map<String, String> tags) {
    return JSON.writeValueAsString(tags);
  }

  /** In the form of FOCUS: {@code vCPU-Seconds}; money is its currency. */
  private static @Nullable String unit(FocusRow row) {
    if (row.slot() == null) {
      return null;
    }
    Item item = row.item();
    if (item == null) {
      return row.currency().value();
    }
    return (item.isInstanceType() ? "Instance" : item.unit()) + "-Seconds";
  }

  private static String type(ResourceKind kind) {
    return switch (kind) {
      case CONTAINER_GROUP -> "Container Group";
      case IMAGE_CACHE -> "Image Cache";
      case DATA_CACHE -> "Data Cache";
      case CACHE_DISK -> "Cache Disk";
      case VOLUME -> "Volume";
      case VIRTUAL_NODE -> "Virtual Node";
      case RESERVED_INSTANCES -> "Reserved Instances";
      case SAVINGS_PLAN -> "Savings Plan";
    };
  }

  private static Service service(FocusRow row) {
    if (row.slot() == null) {
      return Service.BILLING;
    }
    Item item = row.item();
    if (item == null || item.smallPerUnit() > 1 || item.isInstanceType()) {
      return Service.CONTAINERS;
    }
    return item.equals(Item.IMAGE_CACHE_STORAGE) || item.equals(Item.DATA_CACHE_STORAGE)
        ? Service.CACHES
        : Service.DISKS;
  }

  private static @Nullable String sku(FocusRow row) {
    if (row.slot() == null) {
      return null;
    }
    return row.item() == null ? "savings-plan" : row.item().code();
  }

  /** What is priced: an item in a region, and whether a commitment or spot sets another price. */
  private static @Nullable String skuPrice(FocusRow row) {
    LineSlot slot = row.slot();
    if (slot == null) {
      return null;
    }
    String place = slot.region() == null ? "" : "/" + slot.region();
    return sku(row) + place + "/" + slot.kind().code();
  }
}
