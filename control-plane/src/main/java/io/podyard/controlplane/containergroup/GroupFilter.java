package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of an account's groups are meant, as a condition on {@code container_group}: all that are
 * not deleted and match each filter that is given. A null filter is none.
 */
final class GroupFilter {

  private static final String ALL = "account_id = ? and region = ? and deleted_at is null";

  private final StringBuilder sql = new StringBuilder(ALL);
  private static final String CATEGORY =
      "kept #>> array['machine', 'options', kept #>> '{machine,chosen}', 'computeCategory']";

  private final List<Object> arguments = new ArrayList<>();

  private GroupFilter(AccountId account, RegionId region) {
    arguments.add(account.value());
    arguments.add(region.value());
  }

  /** All of the account's groups in the region. */
  static GroupFilter of(AccountId account, RegionId region) {
    return new GroupFilter(account, region);
  }

  /** Whether it leaves out none of the account's groups in the region. */
  boolean isWhole() {
    return sql.length() == ALL.length();
  }

  String sql() {
    return sql.toString();
  }

  List<Object> arguments() {
    return List.copyOf(arguments);
  }

  /** Only these: of an empty list, none. */
  GroupFilter ids(@Nullable List<String> ids) {
    if (ids == null) {
      return this;
    }
    if (ids.isEmpty()) {
      sql.append(" and false");
    } else {
      sql.append(" and id in (").append("?, ".repeat(ids.size() - 1)).append("?)");
      arguments.addAll(ids);
    }
    return this;
  }

  GroupFilter name(@Nullable String name) {
    return add("name = ?", name);
  }

  GroupFilter status(@Nullable GroupStatus status) {
    return add("status = ?", status == null ? null : status.wireName());
  }

  GroupFilter zone(@Nullable String zone) {
    return add("zone = ?", zone);
  }

  GroupFilter vSwitch(@Nullable String vSwitch) {
    return add("kept ->> 'vSwitchId' = ?", vSwitch);
  }

  /** Those that are of this compute category, as answers say. */
  GroupFilter computeCategory(@Nullable String category) {
    if (MachineOption.GENERAL.equals(category)) {
      sql.append(" and (kept -> 'machine' is null or ").append(CATEGORY).append(" = 'general')");
      return this;
    }
    return add(CATEGORY + " = ?", category);
  }

  GroupFilter securityGroup(@Nullable String securityGroup) {
    return add("kept ->> 'securityGroupId' = ?", securityGroup);
  }

  GroupFilter resourceGroup(@Nullable String resourceGroup) {
    return add("kept ->> 'resourceGroupId' = ?", resourceGroup);
  }

  /** Those that have all of these tags, with any value where it is null. */
  GroupFilter tags(Map<String, @Nullable String> tags) {
    tags.forEach(
        (key, value) -> {
          if (value == null) {
            add("jsonb_exists(tags, ?)", key);
          } else {
            sql.append(" and tags @> jsonb_build_object(?::text, ?::text)");
            arguments.add(key);
            arguments.add(value);
          }
        });
    return this;
  }

  /** Those that were written within the time, by the clock of the database. */
  GroupFilter changedWithin(@Nullable Duration time) {
    return add(
        "changed_at >= now() - make_interval(secs => ?)",
        time == null ? null : (double) time.toSeconds());
  }

  private GroupFilter add(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      arguments.add(value);
    }
    return this;
  }
}
