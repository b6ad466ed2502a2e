package io.podyard.controlplane.inventory;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is still in a zone, or in the region whose last zone it is, in words for the operator. */
final class ZoneRemains {

  /** As many of a kind are named; the others are counted. */
  private static final int MOST_NAMED = 3;

  /** Groups that have something on a host, or may yet have. */
  private static final String GROUPS =
      "container_group where released_at is null and (host_id is not null or final_at is null)";

  /**
   * Things of a kind.
   *
   * @param name of one of them
   * @param named how one is named, in SQL
   * @param rows table and condition; the conditions of the place come behind
   */
  private record Kind(String name, String named, String rows) {}

  private static final List<Kind> IN_ZONE =
      List.of(
          new Kind("host", "id", "host where true"),
          new Kind("vSwitch", "id || ' of account ' || account_id", "vswitch where true"),
          new Kind("container group", "id", GROUPS));

  private static final List<Kind> IN_REGION =
      List.of(
          new Kind("pool", "id", "pool where true"),
          new Kind("container group", "id", GROUPS),
          new Kind("volume", "id", "persistent_volume where deleting_at is null"),
          new Kind("image cache", "id", "image_cache where deleting_at is null"),
          new Kind("data cache", "id", "data_cache where deleting_at is null"));

  private final JdbcTemplate jdbc;

  ZoneRemains(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Why a zone cannot be taken away; empty if nothing speaks against it. */
  Optional<String> of(RegionId region, ZoneId zone) {
    List<String> here =
        IN_ZONE.stream()
            .flatMap(
                kind -> told(kind, " and region = ? and zone = ?", region.value(), zone.value()))
            .toList();
    if (!here.isEmpty()) {
      return Optional.of("zone %s still has %s".formatted(zone, String.join(", ", here)));
    }
    boolean others =
        Objects.requireNonNull(
            jdbc.queryForObject(
                "select exists (select 1 from zone where region = ? and id <> ?)",
                Boolean.class,
                region.value(),
                zone.value()));
    if (others) {
      return Optional.empty();
    }
    List<String> around =
        IN_REGION.stream().flatMap(kind -> told(kind, " and region = ?", region.value())).toList();
    return around.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "zone %s is the last one of %s, which still has %s"
                .formatted(zone, region, String.join(", ", around)));
  }

  /** Such as {@code 2 hosts (a, b)}; nothing if there is none. */
  private Stream<String> told(Kind kind, String place, Object... parameters) {
    return jdbc
        .query(
            """
            select count(*), (array_agg(named order by named))[1:%d]
            from (select %s as named from %s%s) remains
            """
                .formatted(MOST_NAMED, kind.named(), kind.rows(), place),
            (row, n) -> told(kind, row.getInt(1), Columns.texts(row, 2)),
            parameters)
        .stream()
        .filter(text -> !text.isEmpty());
  }

  private static String told(Kind kind, int count, List<String> named) {
    if (count == 0) {
      return "";
    }
    return "%d %s (%s%s)"
        .formatted(
            count,
            count == 1 ? kind.name() : plural(kind.name()),
            String.join(", ", named),
            count > named.size() ? " and others" : "");
  }

  private static String plural(String name) {
    return name + (name.endsWith("ch") ? "es" : "s");
  }
}
