package io.podyard.billing;

import static java.util.Comparator.comparing;

import java.util.Comparator;

/**
 * What a charge is for.
 *
 * @param id of the group, cache, volume, node or agreement
 */
public record Resource(ResourceKind kind, String id) implements Comparable<Resource> {

  private static final Comparator<Resource> IN_ORDER =
      comparing(Resource::id).thenComparing(Resource::kind);

  static Resource of(UsageInterval interval) {
    return new Resource(interval.tariff().resource(), interval.group().value());
  }

  /** By id, as bytes compare, then by kind. */
  @Override
  public int compareTo(Resource other) {
    return IN_ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind.code() + ":" + id;
  }
}
