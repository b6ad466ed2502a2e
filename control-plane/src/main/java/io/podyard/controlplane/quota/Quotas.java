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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What accounts may have in a region and what they have of it.
 *
 * <p>What groups use is counted by the database itself, in the transaction that makes, changes or
 * ends a group (migrations V12 and V41): in one row for each account and region, and while much is
 * left in slots beside it, so that processes that make groups of one account do not wait for each
 * other. Whoever wants more locks the row or a slot first: of two that want what is scarce the
 * second sees what the first has taken. Places are locked in the order of account and region, after
 * groups and before hosts, or two batches could wait for each other.
 */
@Component
public class Quotas {

  private static final String MAXIMA =
      """
      max_cpu, max_container_groups, max_image_caches, max_auto_image_caches, max_data_caches
      """;

  private static final String COLUMNS =
      "account_id, region, used_milli_cpu, used_groups, " + MAXIMA;

  /** What is used of the quotas of places {@code p} by all that have counted it so far. */
  private static final String AS_COUNTED =
      """
      select q.account_id, q.region,
             q.used_milli_cpu + coalesce(s.used_milli_cpu, 0) as used_milli_cpu,
             q.used_groups + coalesce(s.used_groups, 0) as used_groups,
      """
          + MAXIMA
          + """
          from unnest(?::text[], ?::text[]) as p (account_id, region)
          join quota q on q.account_id = p.account_id and q.region = p.region
          left join lateral (
            select sum(s.used_milli_cpu)::int8 as used_milli_cpu,
                   sum(s.used_groups)::int8 as used_groups
            from quota_slot s where s.account_id = p.account_id and s.region = p.region) s on true
          """;

  /**
   * So many transactions can count groups of one place at the same time, and each of them no more
   * than that part of a quarter of what the account may have.
   */
  static final int SLOTS = 16;

  private record Row(QuotaPlace place, long usedMilliCpu, long usedGroups, Maxima own) {

    static Row none(QuotaPlace place) {
      return new Row(place, 0, 0, new Maxima(Map.of()));
    }
  }

  private final JdbcTemplate jdbc;
  private final QuotaSettings installation;
  private final ObjectProvider<CountedResources> others;
  private final int slot;

  @Autowired
  public Quotas(
      JdbcTemplate jdbc, PodyardSettings settings, ObjectProvider<CountedResources> others) {
    this(jdbc, settings, others, ThreadLocalRandom.current().nextInt(SLOTS));
  }

  /**
   * @param slot below {@value #SLOTS}; processes that have the same wait for each other, no more
   */
  Quotas(
      JdbcTemplate jdbc,
      PodyardSettings settings,
      ObjectProvider<CountedResources> others,
      int slot) {
    this.jdbc = jdbc;
    this.installation = settings.quotas();
    this.others = others;
    this.slot = slot;
  }

  /**
   * Locks the quotas of these places until the caller's transaction ends and tells what is left:
   * nobody else uses more of them or gives anything back meanwhile.
   */
  public Map<QuotaPlace, QuotaRoom> lock(Collection<QuotaPlace> places) {
    List<QuotaPlace> ordered = List.copyOf(new TreeSet<>(places));
    if (ordered.isEmpty()) {
      return Map.of();
    }
    // One statement: it makes a row that is not there and locks one that is, in their order, and
    // says what is in it then.
    Map<QuotaPlace, QuotaRoom> rooms = new HashMap<>();
    jdbc.query(
        """
        insert into quota as q (account_id, region)
        select account_id, region from unnest(?::text[], ?::text[]) as p (account_id, region)
        on conflict (account_id, region) do update set used_groups = q.used_groups
        returning
        """
            + COLUMNS,
        Columns.of(ordered).text(p -> p.account().value()).text(p -> p.region().value()),
        row -> {
          put(read(row), rooms);
        });
    return rooms;
  }

  /**
   * Locks as little of the quotas of these places as is enough for so much more until the caller's
   * transaction ends, with other statements. Where much is left, others can use more of them
   * meanwhile, but never so much that it would be too much together.
   *
   * @return what is left, as soon as the statements are sent
   */
  public Map<QuotaPlace, QuotaRoom> lock(Map<QuotaPlace, QuotaWant> wanted, Together statements) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    addLock(wanted, statements);
    Map<QuotaPlace, QuotaRoom> rooms = new HashMap<>();
    statements.add(
        AS_COUNTED,
        Columns.of(List.copyOf(wanted.keySet()))
            .text(place -> place.account().value())
            .text(place -> place.region().value()),
        row -> {
          put(read(row), rooms);
        });
    return rooms;
  }

  /**
   * Locks of the quotas of these places what somebody needs who gives back, until the caller's
   * transaction ends.
   */
  public void lockToGiveBack(Collection<QuotaPlace> places) {
    Map<QuotaPlace, QuotaWant> nothing = new HashMap<>();
    places.forEach(place -> nothing.put(place, QuotaWant.NOTHING));
    if (!nothing.isEmpty()) {
      Together statements = new Together(jdbc);
      addLock(nothing, statements);
      statements.send();
    }
  }

  private void addLock(Map<QuotaPlace, QuotaWant> wanted, Together statements) {
    statements.add(
        """
        select lock_quotas(a, r, c, g, %d, %d, %d, %d)
        from (select ?::text[] as a, ?::text[] as r, ?::int8[] as c, ?::int8[] as g) as wanted
        """
            .formatted(installation.maxCpu(), installation.maxContainerGroup(), slot, SLOTS),
        Columns.of(List.copyOf(new TreeMap<>(wanted).entrySet()))
            .text(want -> want.getKey().account().value())
            .text(want -> want.getKey().region().value())
            .bigint(want -> want.getValue().milliCpu())
            .bigint(want -> want.getValue().groups()));
  }

  private void put(Row row, Map<QuotaPlace, QuotaRoom> rooms) {
    rooms.put(row.place(), room(row));
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
            AS_COUNTED,
            Columns.of(List.of(place)).text(p -> p.account().value()).text(p -> p.region().value()),
            (row, n) -> read(row))
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
