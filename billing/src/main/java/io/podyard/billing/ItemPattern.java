package io.podyard.billing;

import java.util.regex.Pattern;

/**
 * The items that an agreement is about: one ({@code vcpu}), those that begin alike ({@code
 * ecs.g7.*}) or all ({@code *}). Where several match an item, the longest wins and an exact code
 * wins over every star.
 */
public record ItemPattern(String value) implements Comparable<ItemPattern> {

  private static final Pattern BEGINNING = Pattern.compile("[a-zA-Z0-9._-]{0,64}\\*");

  /** Every item. */
  public static final ItemPattern ALL = new ItemPattern("*");

  /**
   * @throws IllegalArgumentException unless it is an item's code or a beginning and a star
   */
  public ItemPattern {
    if (!BEGINNING.matcher(value).matches() && Item.ofCode(value).isEmpty()) {
      throw new IllegalArgumentException(
          "must be an item like vcpu, a beginning like ecs.g7.* or *, not '" + value + "'");
    }
  }

  public boolean matches(Item item) {
    return isExact() ? item.code().equals(value) : item.code().startsWith(prefix());
  }

  /** The more there is before the star, the closer; an exact code is the closest. */
  int closeness() {
    return isExact() ? Integer.MAX_VALUE : prefix().length();
  }

  private boolean isExact() {
    return !value.endsWith("*");
  }

  private String prefix() {
    return value.substring(0, value.length() - 1);
  }

  @Override
  public int compareTo(ItemPattern other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
