package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/** What was agreed with spot groups, stored beside them for as long as they are billed. */
final class SpotGroups {

  private SpotGroups() {}

  /** Stores it of those of the new groups that are spot groups, when the statements are sent. */
  static void insert(List<GroupRecord> created, Together statements) {
    List<GroupRecord> spot = created.stream().filter(group -> group.kept().spot() != null).toList();
    if (spot.isEmpty()) {
      return;
    }
    statements.add(
        """
        insert into spot_group (group_id, created_at, protected_until, price_limit)
        select id, created_at, protected_until, price_limit::numeric
        from unnest(?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[])
          as s (id, created_at, protected_until, price_limit)
        """,
        Columns.of(spot)
            .text(group -> group.id().value())
            .instant(group -> pricedAt(group.createdAt()))
            .instant(group -> protectedUntil(group.createdAt(), wish(group)))
            .text(
                group -> {
                  BigDecimal limit = wish(group).priceLimit();
                  return limit == null ? null : limit.toPlainString();
                }));
  }

  /** Until when nobody makes it leave. */
  static Instant protectedUntil(Instant createdAt, SpotWish wish) {
    return pricedAt(createdAt).plus(Duration.ofHours(wish.hours()));
  }

  /** Whose prices count while it is protected. */
  static Instant pricedAt(Instant createdAt) {
    return createdAt.truncatedTo(ChronoUnit.SECONDS);
  }

  private static SpotWish wish(GroupRecord group) {
    return Objects.requireNonNull(group.kept().spot());
  }
}
