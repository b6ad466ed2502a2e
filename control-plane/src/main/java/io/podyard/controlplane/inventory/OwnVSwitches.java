package io.podyard.controlplane.inventory;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** An account's vSwitches, as resources of their own. */
@Component
public class OwnVSwitches {

  /**
   * A vSwitch with what is left of it.
   *
   * @param name null if it has none
   * @param cidr null if hosts choose the addresses of its groups
   * @param free addresses that no group has; null without addresses of its own
   */
  public record Listed(
      VSwitchId id,
      RegionId region,
      ZoneId zone,
      @Nullable String name,
      @Nullable CidrBlock cidr,
      @Nullable Integer free,
      Instant createdAt) {}

  /**
   * One that is to be made.
   *
   * @param id null for a new one
   */
  public record Wanted(
      @Nullable VSwitchId id,
      RegionId region,
      ZoneId zone,
      @Nullable String name,
      @Nullable CidrBlock cidr) {}

  private static final String COLUMNS =
      """
      id, region, zone, name, cidr,
      (select count(*) from vswitch_address a
       where (a.account_id, a.region, a.vswitch_id) = (v.account_id, v.region, v.id)
         and a.group_id is not null),
      created_at
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final VSwitchUse use;
  private final ReservedRanges reserved;
  private final long most;
  private final VSwitchIds ids = new VSwitchIds(new SecureRandom());

  OwnVSwitches(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      VSwitchUse use,
      PodyardSettings settings) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.use = use;
    this.reserved = ReservedRanges.of(settings.docker().subnets());
    this.most = settings.quotas().maxVSwitch();
  }

  /**
   * Makes a vSwitch.
   *
   * @throws ApiException if the account has one of this id or too many, the zone is gone, or the
   *     addresses are not free
   */
  public Listed create(AccountId account, Wanted wanted) {
    VSwitchId id = wanted.id() == null ? ids.next() : wanted.id();
    transaction.executeWithoutResult(_ -> insert(account, id, wanted));
    return require(account, wanted.region(), id);
  }

  private void insert(AccountId account, VSwitchId id, Wanted wanted) {
    // One at a time in a region: what is free, and how many the account has, stays as it is seen.
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('vswitches of ' || ?, 0))",
        row -> {},
        wanted.region().value());
    if (find(account, wanted.region(), id).isPresent()) {
      throw taken(id);
    }
    requireZone(wanted.region(), wanted.zone());
    int has =
        Objects.requireNonNull(
            jdbc.queryForObject(
                "select count(*) from vswitch where account_id = ? and region = ?",
                Integer.class,
                account.value(),
                wanted.region().value()));
    if (has >= most) {
      throw new ApiException(
          ErrorCode.QUOTA_EXCEEDED,
          "The account has %d vSwitches in %s and may have %d; delete one first."
              .formatted(has, wanted.region(), most));
    }
    CidrBlock cidr = wanted.cidr();
    if (cidr != null) {
      requireFree(account, wanted.region(), cidr);
    }
    int inserted =
        jdbc.update(
            """
            insert into vswitch (account_id, region, id, zone, name, cidr)
            values (?, ?, ?, ?, ?, ?::cidr) on conflict (account_id, region, id) do nothing
            """,
            account.value(),
            wanted.region().value(),
            id.value(),
            wanted.zone().value(),
            wanted.name(),
            cidr == null ? null : cidr.toString());
    if (inserted == 0) {
      // A group has registered it since.
      throw taken(id);
    }
  }

  /** Keeps the zone until the end of the transaction; since it was read it may have gone. */
  private void requireZone(RegionId region, ZoneId zone) {
    List<Integer> there =
        jdbc.query(
            "select 1 from zone where region = ? and id = ? for key share",
            (row, n) -> row.getInt(1),
            region.value(),
            zone.value());
    if (there.isEmpty()) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER, "ZoneId", zone.value(), "is not a zone of " + region));
    }
  }

  private static ApiException taken(VSwitchId id) {
    return new ApiException(
        new Problem(
            ErrorCode.OPERATION_CONFLICT,
            "VSwitchId",
            id.value(),
            "is a vSwitch of this account already; leave it out for a new id"));
  }

  /** The networks of two vSwitches can be on one host, so none may have an address of another. */
  private void requireFree(AccountId account, RegionId region, CidrBlock cidr) {
    reserved
        .overlapping(cidr)
        .ifPresent(
            range -> {
              throw overlap(
                  cidr, range + ", where vSwitches without addresses of their own get theirs");
            });
    jdbc
        .query(
            """
            select account_id, id, cidr from vswitch where region = ? and cidr && ?::cidr
            order by account_id <> ?, id limit 1
            """,
            (row, n) ->
                row.getString(1).equals(account.value())
                    ? "%s of VSwitchId %s".formatted(row.getString(3), row.getString(2))
                    // Whose it is and how large is nobody else's business.
                    : "addresses of " + region + " that are in use",
            region.value(),
            cidr.toString(),
            account.value())
        .stream()
        .findFirst()
        .ifPresent(
            other -> {
              throw overlap(cidr, other);
            });
  }

  private static ApiException overlap(CidrBlock cidr, String other) {
    return new ApiException(
        new Problem(
            ErrorCode.OPERATION_CONFLICT,
            "CidrBlock",
            cidr.toString(),
            "overlaps with " + other + "; choose another range"));
  }

  /**
   * A page of an account's vSwitches in a region, in the order of their ids.
   *
   * @param after the last id of the page before; null for the first one
   */
  public List<Listed> page(
      AccountId account, RegionId region, @Nullable VSwitchId after, int limit) {
    String last = after == null ? null : after.value();
    return jdbc.query(
        "select "
            + COLUMNS
            + " from vswitch v where account_id = ? and region = ? and (?::text is null or id > ?)"
            + " order by id limit ?",
        OwnVSwitches::listed,
        account.value(),
        region.value(),
        last,
        last,
        limit);
  }

  /**
   * One vSwitch of an account.
   *
   * @throws ApiException if the account has no such vSwitch, whoever else may have
   */
  public Listed require(AccountId account, RegionId region, VSwitchId id) {
    return find(account, region, id).orElseThrow(() -> unknown(region, id));
  }

  /**
   * Gives a vSwitch another name, or none if that is null.
   *
   * @throws ApiException if the account has no such vSwitch
   */
  public Listed rename(AccountId account, RegionId region, VSwitchId id, @Nullable String name) {
    int renamed =
        jdbc.update(
            "update vswitch set name = ? where account_id = ? and region = ? and id = ?",
            name,
            account.value(),
            region.value(),
            id.value());
    if (renamed == 0) {
      throw unknown(region, id);
    }
    return require(account, region, id);
  }

  /**
   * Deletes a vSwitch that no group is in.
   *
   * @throws ApiException if the account has no such vSwitch, or a group is or may yet be in it
   */
  public void delete(AccountId account, RegionId region, VSwitchId id) {
    transaction.executeWithoutResult(
        _ -> {
          // Whoever makes a group in it has it locked until that group can be seen.
          List<String> locked =
              jdbc.query(
                  "select id from vswitch where account_id = ? and region = ? and id = ? for"
                      + " update",
                  (row, n) -> row.getString(1),
                  account.value(),
                  region.value(),
                  id.value());
          if (locked.isEmpty()) {
            throw unknown(region, id);
          }
          Optional<ContainerGroupId> group = use.groupIn(new VSwitches.Key(account, region, id));
          if (group.isPresent()) {
            throw new ApiException(
                new Problem(
                    ErrorCode.INCORRECT_STATUS,
                    "VSwitchId",
                    id.value(),
                    "is a vSwitch of container group %s; it can be deleted when nothing is left of that"
                        .formatted(group.get())));
          }
          jdbc.update(
              "delete from vswitch where account_id = ? and region = ? and id = ?",
              account.value(),
              region.value(),
              id.value());
        });
  }

  private Optional<Listed> find(AccountId account, RegionId region, VSwitchId id) {
    return jdbc
        .query(
            "select " + COLUMNS + " from vswitch v where account_id = ? and region = ? and id = ?",
            OwnVSwitches::listed,
            account.value(),
            region.value(),
            id.value())
        .stream()
        .findFirst();
  }

  private static Listed listed(ResultSet row, int number) throws SQLException {
    CidrBlock cidr = VSwitches.cidr(row.getString(5));
    return new Listed(
        new VSwitchId(row.getString(1)),
        new RegionId(row.getString(2)),
        new ZoneId(row.getString(3)),
        row.getString(4),
        cidr,
        cidr == null ? null : cidr.usable() - row.getInt(6),
        row.getObject(7, OffsetDateTime.class).toInstant());
  }

  private static ApiException unknown(RegionId region, VSwitchId id) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_PARAMETER_NOT_FOUND,
            "VSwitchId",
            id.value(),
            "names no vSwitch of this account in " + region));
  }
}
