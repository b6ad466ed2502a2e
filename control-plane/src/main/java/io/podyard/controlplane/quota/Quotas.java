package io.podyard.controlplane.quota;

import io.podyard.api.ApiException;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.settings.QuotaSettings;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import io.podyard.model.AccountId;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What accounts may have in a region and what they have of it.
 *
 * <p>What groups use is one row for each account and region, which the database itself keeps as the
 * sum of the live groups (migration V12): it changes in the transaction that makes, changes or ends
 * a group. Whoever wants more locks that row first, so of two at the same time the second sees what
 * the first has taken. Rows are locked in the order of account and region, after groups and before
 * hosts, or two batches could wait for each other.
 */
@Component
public class Quotas {

  private static final String COLUMNS =
      """
      account_id, region, used_milli_cpu, used_groups, max_cpu, max_container_groups,
      max_image_caches, max_auto_image_caches, max_data_caches
      """;

  private record Row(QuotaPlace place, long usedMilliCpu, long usedGroups, Maxima own) {

    static Row none(QuotaPlace place) {
      return new Row(place, 0, 0, new Maxima(Map.of()));
    }
  }

  private final JdbcTemplate jdbc;
  private final QuotaSettings installation;
  private final ObjectProvider<CountedResources> others;

  public Quotas(
      JdbcTemplate jdbc, PodyardSettings settings, ObjectProvider<CountedResources> others) {
    this.jdbc = jdbc;
    this.installation = settings.quotas();
    this.others = others;
  }

  /**
   * Locks the quotas of these places until the caller's transaction ends and tells what is left.
   */
  public Map<QuotaPlace, QuotaRoom> lock(Collection<QuotaPlace> places) {
    Together statements = new Together(jdbc);
    Map<QuotaPlace, QuotaRoom> rooms = lock(places, statements);
    statements.send();
    return rooms;
  }

  /**
   * The same with other statements.
   *
   * @return what is left, as soon as these are sent
   */
  public Map<QuotaPlace, QuotaRoom> lock(Collection<QuotaPlace> places, Together statements) {
    List<QuotaPlace> ordered = List.copyOf(new TreeSet<>(places));
    if (ordered.isEmpty()) {
      return Map.of();
    }
    // One statement: it makes a row that is not there and locks one that is, in their order, and
    // says what is in it then.
    Map<QuotaPlace, QuotaRoom> rooms = new HashMap<>();
    statements.add(
        """
        insert into quota as q (account_id, region)
        select account_id, region from unnest(?::text[], ?::text[]) as p (account_id, region)
        on conflict (account_id, region) do update set used_groups = q.used_groups
        returning
        """
            + COLUMNS,
        Columns.of(ordered).text(p -> p.account().value()).text(p -> p.region().value()),
        row -> {
          Row found = read(row);
          rooms.put(found.place(), room(found));
        });
    return rooms;
  }

  /**
   * Whether there is room for so many more groups right now; nothing is taken.
   *
   * @throws ApiException with {@code QuotaExceeded} if there is none
   */
  public void require(AccountId account, RegionId region, MilliCpu each, int groups) {
    room(find(new QuotaPlace(account, region)))
        .takeGroups(each, groups)
        .ifPresent(
            beyond -> {
              throw beyond.refusal();
            });
  }

  /** All quotas of an account in a region, in the order of their kinds. */
  public List<Quota> of(QuotaPlace place) {
    Row row = find(place);
    Map<QuotaKind, BigDecimal> used = new EnumMap<>(QuotaKind.class);
    used.put(QuotaKind.CPU, QuotaRoom.vcpu(row.usedMilliCpu()));
    used.put(QuotaKind.CONTAINER_GROUP, BigDecimal.valueOf(row.usedGroups()));
    others.stream()
        .forEach(other -> used.put(other.kind(), BigDecimal.valueOf(other.count(place))));
    Map<QuotaKind, Long> maxima = row.own().or(installation);
    List<Quota> quotas = new ArrayList<>();
    for (QuotaKind kind : QuotaKind.values()) {
      quotas.add(
          new Quota(
              kind,
              used.getOrDefault(kind, BigDecimal.ZERO),
              maxima.getOrDefault(kind, 0L),
              row.own().of(kind) != null));
    }
    return quotas;
  }

  /**
   * Sets the maxima of an account's own, all of them: those not named become the installation's
   * again. They count from now on; what there is stays, also if it is more.
   */
  public void set(QuotaPlace place, Maxima own) {
    jdbc.update(
        """
        insert into quota as q (account_id, region, max_cpu, max_container_groups,
                                max_image_caches, max_auto_image_caches, max_data_caches)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (account_id, region) do update
        set max_cpu = excluded.max_cpu, max_container_groups = excluded.max_container_groups,
            max_image_caches = excluded.max_image_caches,
            max_auto_image_caches = excluded.max_auto_image_caches,
            max_data_caches = excluded.max_data_caches
        """,
        place.account().value(),
        place.region().value(),
        own.of(QuotaKind.CPU),
        own.of(QuotaKind.CONTAINER_GROUP),
        own.of(QuotaKind.IMAGE_CACHE),
        own.of(QuotaKind.AUTO_IMAGE_CACHE),
        own.of(QuotaKind.DATA_CACHE));
  }

  private Row find(QuotaPlace place) {
    return jdbc
        .query(
            "select " + COLUMNS + " from quota where account_id = ? and region = ?",
            (row, n) -> read(row),
            place.account().value(),
            place.region().value())
        .stream()
        .findFirst()
        .orElseGet(() -> Row.none(place));
  }

  private QuotaRoom room(Row row) {
    Map<QuotaKind, Long> maxima = row.own().or(installation);
    return new QuotaRoom(
        row.place().region(),
        maxima.getOrDefault(QuotaKind.CPU, 0L),
        maxima.getOrDefault(QuotaKind.CONTAINER_GROUP, 0L),
        row.usedMilliCpu(),
        row.usedGroups());
  }

  private static Row read(ResultSet row) throws SQLException {
    Map<QuotaKind, Long> own = new EnumMap<>(QuotaKind.class);
    put(own, QuotaKind.CPU, row.getObject("max_cpu", Long.class));
    put(own, QuotaKind.CONTAINER_GROUP, row.getObject("max_container_groups", Long.class));
    put(own, QuotaKind.IMAGE_CACHE, row.getObject("max_image_caches", Long.class));
    put(own, QuotaKind.AUTO_IMAGE_CACHE, row.getObject("max_auto_image_caches", Long.class));
    put(own, QuotaKind.DATA_CACHE, row.getObject("max_data_caches", Long.class));
    return new Row(
        new QuotaPlace(
            new AccountId(row.getString("account_id")), new RegionId(row.getString("region"))),
        row.getLong("used_milli_cpu"),
        row.getLong("used_groups"),
        new Maxima(own));
  }

  private static void put(Map<QuotaKind, Long> own, QuotaKind kind, @Nullable Long maximum) {
    if (maximum != null) {
      own.put(kind, Math.min(maximum, Maxima.LARGEST));
    }
  }
}
