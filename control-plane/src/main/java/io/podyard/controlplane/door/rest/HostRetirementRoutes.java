package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.DeclarationReading;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hosts that are to become empty, or are gone, for the operator. */
@Configuration(proxyBeanMethods = false)
class HostRetirementRoutes {

  private static final String DEADLINE = "DeadlineSeconds";
  private static final int LONGEST_DRAIN =
      Math.toIntExact(DeclarationReading.LONGEST_DRAIN.toSeconds());

  private final HostAnswers answers;
  private final HostLife life;
  private final HostLosses losses;
  private final Placement placement;
  private final SignedOnce once;

  HostRetirementRoutes(
      HostListing hosts, HostLife life, HostLosses losses, Placement placement, SignedOnce once) {
    this.answers = new HostAnswers(hosts);
    this.life = life;
    this.losses = losses;
    this.placement = placement;
    this.once = once;
  }

  @Bean
  Route drainHostRoute() {
    return Route.own(
        "DrainHost",
        "POST",
        HostAnswers.ONE + "/drain",
        HostsRequest.Drain.class,
        HostsResponse.Host.class,
        OperatorOnly.of(this::drain),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Drain a host",
                """
                From the answer on nothing new is placed on the host, and nothing is moved. What is \
                left there at the deadline is stopped with its usual grace, ends `Failed` with the \
                reason `HostDrained`, and is billed until it stopped. The host's `drain` tells how \
                far it is. A second time renews deadline and reason; `uncordon` ends the drain.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED)
            .example("{\"deadlineSeconds\": 3600, \"reason\": \"a new disk on Monday\"}\n"));
  }

  private Route.OwnCall drain(Caller caller, OwnFields fields) {
    String id = fields.required(HostAnswers.HOST_ID);
    Integer seconds =
        fields.required(DEADLINE).isEmpty() ? null : fields.number(DEADLINE, 0, LONGEST_DRAIN);
    String reason = HostAnswers.reason(fields);
    return () -> {
      HostId host = HostAnswers.require(id);
      once.burn(caller);
      if (!life.drain(host, Duration.ofSeconds(seconds == null ? 0 : seconds), reason)) {
        throw HostAnswers.unknown(id);
      }
      placement.renew();
      return answers.of(id);
    };
  }

  @Bean
  Route declareHostLostRoute() {
    return Route.own(
        "DeclareHostLost",
        "POST",
        HostAnswers.ONE + "/lost",
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(HostAnswers.HOST_ID);
              return () -> {
                HostId host = HostAnswers.require(id);
                once.burn(caller);
                return switch (losses.declareByHand(host)) {
                  case HostLosses.ByHand.Lost _ -> answers.of(id);
                  case HostLosses.ByHand.Unknown _ -> throw HostAnswers.unknown(id);
                  case HostLosses.ByHand.Answers _ ->
                      throw new ApiException(
                          new Problem(
                              INCORRECT_STATUS,
                              HostAnswers.HOST_ID,
                              id,
                              "answers; only a host that is Unreachable can be declared lost"));
                };
              };
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Declare a host lost",
                """
                For a host that does not answer and will not, also while too many others do not. Its \
                groups end `Failed` with the reason `HostLost`, billed until they were last seen; \
                should the host answer again, what is left of them there is removed before it takes \
                new ones. A host that answers is refused.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS)
            .example("{}\n"));
  }
}
