package io.podyard.controlplane.door.rest;

import io.podyard.api.EciJson;
import io.podyard.api.wire.Required;
import io.podyard.billing.Price;
import io.podyard.billing.PriceBookFile;
import io.podyard.controlplane.account.Author;
import io.podyard.controlplane.usage.PriceChangeLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about the price book. */
final class PriceShapes {

  private PriceShapes() {}

  record ListPricesRequest(
      @Nullable Instant at, @Nullable String item, @Nullable String regionId) {}

  /** A price book, as a file holds it. */
  record PriceBookResponse(String format, List<PriceResponse> prices) {

    static PriceBookResponse of(List<Price> prices) {
      return new PriceBookResponse(
          PriceBookFile.FORMAT, prices.stream().map(PriceResponse::of).toList());
    }
  }

  /** One price, as a file holds it. */
  record PriceResponse(
      String region,
      String item,
      String currency,
      String perSecond,
      Instant validFrom,
      @Nullable Instant validTo) {

    static PriceResponse of(Price price) {
      return new PriceResponse(
          price.region().value(),
          price.item().code(),
          price.currency().value(),
          price.perSecond().toPlainString(),
          price.validFrom(),
          price.validTo());
    }

    /** Also of items that this release does not know. */
    static List<PriceResponse> listed(String json) {
      return List.of(EciJson.rest().readValue(json, PriceResponse[].class));
    }
  }

  /**
   * A price book, as a file or an answer holds it.
   *
   * @param requestId so that an answer can be sent back as it is; means nothing
   */
  record ImportPricesRequest(
      @Nullable String about,
      @Nullable Boolean dryRun,
      @Required @Nullable String format,
      @Required List<ImportedPrice> prices,
      @Nullable String requestId) {}

  /** A price of the file. */
  record ImportedPrice(
      @Required @Nullable String region,
      @Required @Nullable String item,
      @Required @Nullable String currency,
      @Required @Nullable String perSecond,
      @Nullable Instant validFrom,
      @Nullable Instant validTo) {}

  /** What an import changed, or would change. */
  record ImportPricesResponse(
      boolean dryRun,
      @Nullable String priceChangeId,
      List<PriceResponse> gone,
      List<PriceResponse> added) {}

  record ListPriceChangesRequest(@Nullable Integer limit, @Nullable String nextToken) {}

  /** A page of changes. */
  record ListPriceChangesResponse(
      List<PriceChangeResponse> priceChanges, @Nullable String nextToken) {}

  /** One change of the price book. */
  record PriceChangeResponse(
      String priceChangeId,
      Instant changeTime,
      @Nullable String accountId,
      @Nullable String accessKeyId,
      @Nullable String changeRequestId,
      List<PriceResponse> gone,
      List<PriceResponse> added) {

    static PriceChangeResponse of(PriceChangeLog.Entry entry) {
      Author by = entry.by();
      return new PriceChangeResponse(
          String.valueOf(entry.id()),
          entry.at(),
          by == null ? null : by.account().value(),
          by == null ? null : by.key().value(),
          by == null ? null : by.requestId(),
          PriceResponse.listed(entry.gone()),
          PriceResponse.listed(entry.added()));
    }
  }
}
