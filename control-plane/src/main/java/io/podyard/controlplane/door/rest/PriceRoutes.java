package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.billing.InvalidPriceBookException;
import io.podyard.billing.Price;
import io.podyard.billing.PriceBookFile;
import io.podyard.controlplane.account.Author;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.usage.PriceChangeLog;
import io.podyard.controlplane.usage.PriceImport;
import io.podyard.controlplane.usage.PriceStore;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The price book, for the operator. */
@Configuration(proxyBeanMethods = false)
class PriceRoutes {

  private static final String ALL = "/prices";
  private static final String PRICES = "Prices";
  private static final String EXAMPLE =
      """
      {
        "format": "podyard-price-book/1",
        "dryRun": true,
        "prices": [
          {"region": "cn-*", "item": "vcpu", "currency": "CNY", "perSecond": "0.00005"}
        ]
      }
      """;
  private static final int CHANGES_BY_DEFAULT = 20;
  private static final int MOST_CHANGES = 100;

  private final PriceStore prices;
  private final PriceImport imports;
  private final PriceChangeLog changes;
  private final SignedOnce once;

  PriceRoutes(PriceStore prices, PriceImport imports, PriceChangeLog changes, SignedOnce once) {
    this.prices = prices;
    this.imports = imports;
    this.changes = changes;
    this.once = once;
  }

  @Bean
  Route listPricesRoute() {
    return Route.own(
        "ListPrices",
        "GET",
        ALL,
        PriceShapes.ListPricesRequest.class,
        PriceShapes.PriceBookResponse.class,
        OperatorOnly.of(this::list),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Export the price book",
                """
                All prices as a file that can be edited and imported again: those that counted \
                once, those that count and those that will. `regionId`, `item` and `at` leave only \
                those that may count there, for it or then; the closest pattern of a region does.\
                """)
            .errors(NO_PERMISSION));
  }

  @Bean
  Route importPricesRoute() {
    return Route.own(
        "ImportPrices",
        "PUT",
        ALL,
        PriceShapes.ImportPricesRequest.class,
        PriceShapes.ImportPricesResponse.class,
        OperatorOnly.of(this::put),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Import prices",
                """
                Every price of the file counts for its time, all others for the rest of theirs: \
                one that is cut gets an end. What is in the book already changes nothing, so what \
                was exported can be imported again; a price that is there with a later end, or \
                none, ends as the file says. Nothing changes before ten seconds from now, when \
                every server knows it: `validFrom` is not before that, or left out for it. All of \
                the file is taken, or nothing.\
                """)
            .errors(NO_PERMISSION)
            .example(EXAMPLE));
  }

  @Bean
  Route listPriceChangesRoute() {
    return Route.own(
        "ListPriceChanges",
        "GET",
        "/price-changes",
        PriceShapes.ListPriceChangesRequest.class,
        PriceShapes.ListPriceChangesResponse.class,
        OperatorOnly.of(this::listChanges),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List changes of the price book",
                "Who changed prices, when, by which request, and what that changed, newest first.")
            .errors(NO_PERMISSION));
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    RegionId region = fields.id("RegionId", RegionId::new);
    String item = fields.text("Item");
    Instant at = fields.time("At");
    Predicate<Price> asked =
        price ->
            (region == null || price.region().matches(region))
                && (item == null || price.item().code().equals(item))
                && (at == null || price.isValidAt(at));
    return () ->
        PriceShapes.PriceBookResponse.of(
            prices.all().stream().filter(asked).sorted(Price.IN_ORDER).toList());
  }

  private Route.OwnCall put(Caller caller, OwnFields fields) {
    boolean dryRun = fields.flag("DryRun");
    EditedFile file =
        EditedFile.read(
            PriceShapes.ImportPricesRequest.class, fields, Set.of("dryRun", "requestId"));
    if (fields.entries(PRICES).isEmpty()) {
      fields.add(Problem.missing(PRICES));
    }
    try {
      // Any whole second will do to see what is wrong whatever the time is.
      List<Price> _ = PriceBookFile.prices(file.text(), Instant.EPOCH);
    } catch (InvalidPriceBookException e) {
      file.problems(e.problems(), PRICES).forEach(fields::add);
    }
    return () -> {
      once.burn(caller);
      try {
        PriceImport.Done done = imports.carryOut(file.text(), dryRun, Author.of(caller));
        return new PriceShapes.ImportPricesResponse(
            dryRun,
            done.id() == null ? null : String.valueOf(done.id()),
            responses(done.change().gone()),
            responses(done.change().added()));
      } catch (InvalidPriceBookException e) {
        throw new ApiException(file.problems(e.problems(), PRICES));
      }
    };
  }

  private static List<PriceShapes.PriceResponse> responses(List<Price> prices) {
    return prices.stream().map(PriceShapes.PriceResponse::of).toList();
  }

  private Route.OwnCall listChanges(Caller caller, OwnFields fields) {
    int limit = fields.limit("Limit", CHANGES_BY_DEFAULT, MOST_CHANGES);
    Long before = fields.id("NextToken", Long::valueOf);
    return () -> {
      PageOfRows<PriceChangeLog.Entry> page = PageOfRows.of(changes.page(before, limit + 1), limit);
      return new PriceShapes.ListPriceChangesResponse(
          page.map(PriceShapes.PriceChangeResponse::of),
          page.nextToken(entry -> String.valueOf(entry.id())));
    };
  }
}
