package io.podyard.controlplane.settings;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Budgets.
 *
 * @param webhookHosts which hosts the budgets of all accounts may tell: names, or {@code *.} before
 *     the end of names; the operator's own may tell any
 * @param webhookRetry how long after the first attempt that failed it is tried again, 1 s to 1 h;
 *     each pause is twice the one before, up to an hour
 * @param webhookDeadline for how long it is tried, 1 min to 7 days
 * @param webhookTimeout how long an attempt may take, 1 s to 1 min
 */
public record BudgetSettings(
    @DefaultValue({}) List<String> webhookHosts,
    @DefaultValue("10s") Duration webhookRetry,
    @DefaultValue("1d") Duration webhookDeadline,
    @DefaultValue("10s") Duration webhookTimeout) {

  private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-zA-Z0-9.:-]{1,253}");

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public BudgetSettings {
    webhookHosts = webhookHosts.stream().map(String::strip).filter(h -> !h.isEmpty()).toList();
    for (String host : webhookHosts) {
      if (!HOST.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "PODYARD_BUDGETS_WEBHOOKHOSTS has names of hosts, or *. and the end of names, not "
                + host);
      }
    }
    require("WEBHOOK_RETRY", webhookRetry, Duration.ofSeconds(1), Duration.ofHours(1));
    require("WEBHOOK_DEADLINE", webhookDeadline, Duration.ofMinutes(1), Duration.ofDays(7));
    require("WEBHOOK_TIMEOUT", webhookTimeout, Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  private static void require(String name, Duration time, Duration least, Duration most) {
    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "PODYARD_BUDGETS_%s must be from %d s to %d s, not %s"
              .formatted(name.replace("_", ""), least.toSeconds(), most.toSeconds(), time));
    }
  }
}
