package io.podyard.billing;

import io.podyard.model.RegionId;

/**
 * The regions that a price is for: one region ({@code cn-hangzhou}), those that begin alike ({@code
 * cn-*}) or all ({@code *}). Where several match a region, the longest wins and an exact name wins
 * over every star, so two different patterns are never equally close to a region.
 */
public record RegionPattern(String value) implements Comparable<RegionPattern> {

  private static final String STAR = "*";

  /** Every region. */
  public static final RegionPattern ALL = new RegionPattern(STAR);

  /**
   * @throws IllegalArgumentException unless it is a region's name, its beginning and a star, or a
   *     star
   */
  public RegionPattern {
    String name = value.endsWith(STAR) ? value.substring(0, value.length() - 1) : value;
    if (!value.equals(STAR)) {
      // Also refuses a star anywhere else: a region's name cannot hold one.
      RegionId unused = new RegionId(name);
    }
  }

  /** This region alone. */
  public static RegionPattern only(RegionId region) {
    return new RegionPattern(region.value());
  }

  public boolean isExact() {
    return !value.endsWith(STAR);
  }

  public boolean matches(RegionId region) {
    return isExact() ? value.equals(region.value()) : region.value().startsWith(prefix());
  }

  /** Whether every region that the other matches is matched by this one too. */
  boolean covers(RegionPattern other) {
    return isExact() ? equals(other) : other.prefix().startsWith(prefix());
  }

  /** The more there is before the star, the closer; an exact name is the closest. */
  int closeness() {
    return isExact() ? Integer.MAX_VALUE : prefix().length();
  }

  private String prefix() {
    return isExact() ? value : value.substring(0, value.length() - 1);
  }

  @Override
  public int compareTo(RegionPattern other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
