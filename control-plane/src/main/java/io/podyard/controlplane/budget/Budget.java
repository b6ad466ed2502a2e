package io.podyard.controlplane.budget;

import io.podyard.controlplane.usage.UsageTag;
import io.podyard.model.Money;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an account wants to spend in a month, UTC, and when it is to be told.
 *
 * @param name unique in the account
 * @param amount above 0; what is spent in its currency counts
 * @param thresholds percentages of the amount, each 1 to {@value #HIGHEST_THRESHOLD}, ascending
 * @param tag only what has it counts; null for all of the account
 * @param webhook the address that is told, null for none
 */
public record Budget(
    String name,
    Money amount,
    List<Integer> thresholds,
    @Nullable UsageTag tag,
    @Nullable String webhook) {

  public static final int HIGHEST_THRESHOLD = 1000;
  public static final int MOST_THRESHOLDS = 10;

  /** How many an account can have. */
  public static final int MOST_OF_AN_ACCOUNT = 100;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

  /**
   * @throws IllegalArgumentException if the name, the amount or the thresholds are not allowed
   */
  public Budget {
    thresholds = List.copyOf(new TreeSet<>(thresholds));
    if (!isName(name) || amount.amount().signum() <= 0) {
      throw new IllegalArgumentException("no budget is called " + name + " and is " + amount);
    }
    if (thresholds.isEmpty()
        || thresholds.size() > MOST_THRESHOLDS
        || thresholds.getFirst() < 1
        || thresholds.getLast() > HIGHEST_THRESHOLD) {
      throw new IllegalArgumentException("no budget has the thresholds " + thresholds);
    }
  }

  /** Whether a budget can be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }
}
