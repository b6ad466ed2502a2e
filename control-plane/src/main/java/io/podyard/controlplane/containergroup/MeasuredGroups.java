package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Which groups an account may know the figures of: its own, also those that are history. */
@Component
public class MeasuredGroups {

  private final JdbcTemplate jdbc;

  MeasuredGroups(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The group that the parameter ContainerGroupId names.
   *
   * @throws ApiException if the account has and had no such group in the region, whoever else may
   *     have
   */
  public ContainerGroupId require(AccountId account, RegionId region, @Nullable String id) {
    ContainerGroupId wanted = OwnGroups.id(id);
    if (known(account, region, List.of(wanted), null).isEmpty()) {
      throw OwnGroups.unknown(wanted.value());
    }
    return wanted;
  }

  /**
   * Those of some groups that are or were the account's in a region.
   *
   * @param resourceGroup only groups of this one, null for all
   */
  public Set<ContainerGroupId> known(
      AccountId account,
      RegionId region,
      Collection<ContainerGroupId> ids,
      @Nullable String resourceGroup) {
    return new HashSet<>(
        jdbc.query(
            """
            with asked as (
              select ?::text[] as ids, ?::text as account, ?::text as region, ?::text as resources)
            select g.id from container_group g, asked a
            where g.id = any(a.ids) and g.account_id = a.account and g.region = a.region
              and (a.resources is null or g.kept ->> 'resourceGroupId' = a.resources)
            union
            select h.id from container_group_history h, asked a
            where h.id = any(a.ids) and h.account_id = a.account and h.region = a.region
              and (a.resources is null
                   or h.record #>> '{kept,resourceGroupId}' = a.resources)
            """,
            statement -> {
              statement.setArray(
                  1,
                  statement
                      .getConnection()
                      .createArrayOf("text", ids.stream().map(ContainerGroupId::value).toArray()));
              statement.setString(2, account.value());
              statement.setString(3, region.value());
              statement.setString(4, resourceGroup);
            },
            (row, n) -> new ContainerGroupId(row.getString(1))));
  }
}
