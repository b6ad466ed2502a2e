package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be asked of a spot group (contract section 17). */
final class SpotRules {

  /** The newest page says 0 or 1, an older one up to 6: whoever sends more has read that one. */
  private static final int MOST_HOURS = 6;

  private static final int USUAL_HOURS = 1;
  private static final int LIMIT_DECIMALS = 3;

  private SpotRules() {}

  /** Of a request for a group; null if that pays in full. */
  static @Nullable SpotWish read(
      CreateContainerGroupRequest request, MachineRules.Read machine, Findings findings) {
    SpotWish wish =
        read(
            "", request.spotStrategy(), request.spotPriceLimit(), request.spotDuration(), findings);
    if (wish != null) {
      MachineWish named = machine.wish();
      if (named == null) {
        checkSize(machine.sizes().group(), ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC, "Cpu", findings);
      } else {
        String parameter = named.instanceTypes().isEmpty() ? "Cpu" : "InstanceType";
        for (MachineOption option : named.options()) {
          checkOption(option, ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC, parameter, findings);
        }
      }
    }
    return wish;
  }

  /**
   * The same.
   *
   * @param prefix of the parameters' names
   */
  private static @Nullable SpotWish read(
      String prefix,
      @Nullable String strategy,
      @Nullable BigDecimal limit,
      @Nullable Long duration,
      Findings findings) {
    int hours = hours(prefix, duration, findings);
    BigDecimal given = limit == null || limit.signum() == 0 ? null : limit;
    switch (Objects.requireNonNullElse(strategy, "")) {
      case SpotWish.WITH_LIMIT -> {
        if (given == null) {
          findings.missing(
              prefix + "SpotPriceLimit", "is needed with SpotStrategy SpotWithPriceLimit");
        } else {
          check(prefix, given, findings);
        }
        return new SpotWish(given, hours);
      }
      case SpotWish.ANY_PRICE -> {
        noLimit(prefix, given, findings);
        return new SpotWish(null, hours);
      }
      case "", SpotWish.NO_SPOT -> noLimit(prefix, given, findings);
      default ->
          findings.invalid(
              prefix + "SpotStrategy",
              strategy,
              "must be NoSpot, SpotAsPriceGo or SpotWithPriceLimit");
    }
    return null;
  }

  /**
   * Of a question about things that would do; null if it asks for no spot group.
   *
   * @param code of a size that cannot be had as spot, which is told of the parameter
   */
  static @Nullable SpotWish read(
      String prefix,
      @Nullable String strategy,
      @Nullable BigDecimal limit,
      @Nullable Integer duration,
      List<MachineOption> options,
      ErrorCode code,
      String parameter,
      Consumer<Problem> problems) {
    Findings findings = new Findings();
    SpotWish wish =
        read(prefix, strategy, limit, duration == null ? null : Long.valueOf(duration), findings);
    if (wish != null) {
      options.forEach(option -> checkOption(option, code, parameter, findings));
    }
    findings.problems().forEach(problems);
    return wish;
  }

  private static int hours(String prefix, @Nullable Long duration, Findings findings) {
    if (duration == null) {
      return USUAL_HOURS;
    }
    if (duration < 0 || duration > MOST_HOURS) {
      findings.outOfRange(
          prefix + "SpotDuration", duration, "must be from 0 to %d hours".formatted(MOST_HOURS));
      return USUAL_HOURS;
    }
    return Math.toIntExact(duration);
  }

  private static void check(String prefix, BigDecimal limit, Findings findings) {
    if (limit.signum() < 0 || limit.stripTrailingZeros().scale() > LIMIT_DECIMALS) {
      findings.invalid(
          prefix + "SpotPriceLimit",
          limit.toPlainString(),
          "must be a price per hour with at most %d decimals".formatted(LIMIT_DECIMALS));
    }
  }

  /** One that nobody keeps would be a lie. */
  private static void noLimit(String prefix, @Nullable BigDecimal limit, Findings findings) {
    if (limit != null) {
      findings.invalid(
          prefix + "SpotPriceLimit",
          limit.toPlainString(),
          "is for SpotStrategy SpotWithPriceLimit only");
    }
  }

  /** The same of one of the things that will do; instance types are what they are. */
  private static void checkOption(
      MachineOption option, ErrorCode code, String parameter, Findings findings) {
    if (option.instanceType() == null) {
      checkSize(option.size(), code, parameter, findings);
    }
  }

  /** Only sizes that every region has. */
  static void checkSize(Size size, ErrorCode code, String parameter, Findings findings) {
    if (!SizeTable.isEverywhere(size)) {
      findings.with(
          code,
          parameter,
          size.cpu().vcpu().stripTrailingZeros().toPlainString(),
          "cannot be had as spot with %s GiB: spot groups have the sizes that all regions have"
              .formatted(size.memory().gib().stripTrailingZeros().toPlainString()));
    }
  }
}
