package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.Action;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.quota.Maxima;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.model.RegionId;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Quotas: an account's own to read, any account's for the operator to read and to set. */
@Configuration(proxyBeanMethods = false)
class QuotaRoutes {

  private static final String OF_ACCOUNT = "/accounts/{accountId}/quotas";

  private final Quotas quotas;
  private final Regions regions;
  private final AccountOfPath accounts;
  private final SignedOnce once;

  QuotaRoutes(Quotas quotas, Regions regions, AccountOfPath accounts, SignedOnce once) {
    this.quotas = quotas;
    this.regions = regions;
    this.accounts = accounts;
    this.once = once;
  }

  @Bean
  Route listUsageRoute() {
    return Route.own(
        Action.LIST_USAGE.wireName(),
        "GET",
        "/quotas",
        QuotaShapes.QuotasRequest.class,
        QuotaShapes.QuotasResponse.class,
        (caller, fields) -> {
          RegionId region = regions.read(fields.text("RegionId"), fields::add);
          return () -> answer(new QuotaPlace(caller.account(), region));
        },
        RouteText.of(
            RouteText.USAGE,
            "List quotas",
            """
            What you may have in a region and what you have of it now. Live groups count, until \
            they have ended; what is beyond a quota is refused with `QuotaExceeded`.\
            """));
  }

  @Bean
  Route listAccountQuotasRoute() {
    return Route.own(
        "ListAccountQuotas",
        "GET",
        OF_ACCOUNT,
        QuotaShapes.AccountQuotasRequest.class,
        QuotaShapes.QuotasResponse.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(AccountOfPath.FIELD);
              RegionId region = regions.read(fields.text("RegionId"), fields::add);
              return () -> answer(new QuotaPlace(accounts.require(id), region));
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List the quotas of an account",
                "What an account may have in a region and what it has of it now.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route setAccountQuotasRoute() {
    return Route.own(
        "SetAccountQuotas",
        "PUT",
        OF_ACCOUNT,
        QuotaShapes.SetAccountQuotasRequest.class,
        QuotaShapes.QuotasResponse.class,
        OperatorOnly.of(this::set),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Set the quotas of an account",
                """
                Sets what an account may have in a region; a quota that is left out is the \
                installation's again. It counts from the next request on; what there is goes on, \
                also if it is more.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{\"maxCpu\": 200, \"maxContainerGroup\": 100}\n"));
  }

  private Route.OwnCall set(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    RegionId region = regions.read(fields.text("RegionId"), fields::add);
    Map<QuotaKind, Long> own = new EnumMap<>(QuotaKind.class);
    for (QuotaKind kind : QuotaKind.values()) {
      Long maximum = fields.number(kind.maximumName(), Maxima.LARGEST);
      if (maximum != null) {
        own.put(kind, maximum);
      }
    }
    return () -> {
      QuotaPlace place = new QuotaPlace(accounts.require(id), region);
      once.burn(caller);
      quotas.set(place, new Maxima(own));
      return answer(place);
    };
  }

  private QuotaShapes.QuotasResponse answer(QuotaPlace place) {
    return QuotaShapes.QuotasResponse.of(place.account(), place.region(), quotas.of(place));
  }
}
