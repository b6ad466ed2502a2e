package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** A caller's own groups, for features that do something with one of them. */
@Component
public class OwnGroups {

  /**
   * A group of the caller.
   *
   * @param host where it runs or ran, null if it never had a host
   */
  public record OwnGroup(
      ContainerGroupId id, GroupStatus status, @Nullable HostId host, GroupState state) {}

  private final JdbcTemplate jdbc;
  private final GroupDocuments documents;

  OwnGroups(JdbcTemplate jdbc, GroupDocuments documents) {
    this.jdbc = jdbc;
    this.documents = documents;
  }

  /**
   * The group that the parameter ContainerGroupId names.
   *
   * @throws ApiException if the caller has no such group in the region, whoever else may have
   */
  public OwnGroup require(Caller caller, RegionId region, @Nullable String id) {
    ContainerGroupId wanted = id(id);
    return find(caller.account(), wanted, region).orElseThrow(() -> unknown(wanted.value()));
  }

  /**
   * The same in whatever region.
   *
   * @throws ApiException if the account has no such group, whoever else may have
   */
  public OwnGroup require(AccountId account, @Nullable String id) {
    ContainerGroupId wanted = id(id);
    return find(account, wanted, null).orElseThrow(() -> unknown(wanted.value()));
  }

  /**
   * A group of an account.
   *
   * @param region where it is to be, null for anywhere
   */
  public Optional<OwnGroup> find(
      AccountId account, ContainerGroupId wanted, @Nullable RegionId region) {
    String where = region == null ? null : region.value();
    return jdbc
        .query(
            """
            select status, host_id, state from container_group
            where id = ? and account_id = ? and region = coalesce(?, region) and deleted_at is null
            """,
            (row, n) -> {
              String host = row.getString(2);
              return new OwnGroup(
                  wanted,
                  GroupStatus.named(row.getString(1)).orElseThrow(),
                  host == null ? null : new HostId(host),
                  documents.readState(row.getString(3)));
            },
            wanted.value(),
            account.value(),
            where)
        .stream()
        .findFirst();
  }

  /** The caller's groups of a name that have not ended, two at most. */
  public List<ContainerGroupId> live(Caller caller, RegionId region, String name) {
    return jdbc.query(
        """
        select id from container_group
        where account_id = ? and region = ? and name = ? and deleted_at is null
          and final_at is null and goal = 'RUN'
        order by id desc limit 2
        """,
        (row, n) -> new ContainerGroupId(row.getString(1)),
        caller.account().value(),
        region.value(),
        name);
  }

  /** Finds an id in the parameter ContainerGroupId that no group can have. */
  public static void checkId(@Nullable String value, Consumer<Problem> problems) {
    if (value == null || value.isEmpty()) {
      return;
    }
    try {
      ContainerGroupId _ = new ContainerGroupId(value);
    } catch (IllegalArgumentException e) {
      problems.accept(problem(value));
    }
  }

  /**
   * The id in the parameter ContainerGroupId; the log says from here on that the request is about
   * that group.
   *
   * @throws ApiException if no group can have it
   */
  static ContainerGroupId id(@Nullable String value) {
    try {
      ContainerGroupId id = new ContainerGroupId(value == null ? "" : value);
      LogScope.concerns(id);
      return id;
    } catch (IllegalArgumentException e) {
      throw unknown(value);
    }
  }

  static ApiException unknown(@Nullable String id) {
    return new ApiException(problem(id));
  }

  private static Problem problem(@Nullable String id) {
    return new Problem(
        ErrorCode.INVALID_PARAMETER_NOT_FOUND,
        "ContainerGroupId",
        id,
        "names no container group of this account and region");
  }
}
