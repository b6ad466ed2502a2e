package io.podyard.controlplane.cache;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of an account's caches are meant, as a condition on a table of caches {@code c}: all that
 * are not deleted and match each filter that is given. A null or empty filter is none.
 */
public final class CacheFilter {

  private final StringBuilder sql =
      new StringBuilder("c.account_id = ? and c.region = ? and c.deleting_at is null");
  private final List<Object> arguments = new ArrayList<>();

  private CacheFilter(AccountId account, RegionId region) {
    arguments.add(account.value());
    arguments.add(region.value());
  }

  public static CacheFilter of(AccountId account, RegionId region) {
    return new CacheFilter(account, region);
  }

  public String sql() {
    return sql.toString();
  }

  public List<Object> arguments() {
    return List.copyOf(arguments);
  }

  public CacheFilter ids(List<String> ids) {
    if (!ids.isEmpty()) {
      sql.append(" and c.id in (").append("?, ".repeat(ids.size() - 1)).append("?)");
      arguments.addAll(ids);
    }
    return this;
  }

  /** None but these, be it none at all. */
  public CacheFilter among(List<String> ids) {
    sql.append(" and c.id = any(?::text[])");
    arguments.add("{" + String.join(",", ids) + "}");
    return this;
  }

  /** Those of which a condition on a column or two is true. */
  public CacheFilter with(String condition, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      sql.append(" and ").append(condition);
      arguments.add(value);
    }
    return this;
  }

  /** Those that have all of these tags, with any value where it is null. */
  public CacheFilter tags(Map<String, @Nullable String> tags) {
    tags.forEach(
        (key, value) -> {
          if (value == null) {
            sql.append(" and jsonb_exists(c.tags, ?)");
            arguments.add(key);
          } else {
            sql.append(" and c.tags @> jsonb_build_object(?::text, ?::text)");
            arguments.add(key);
            arguments.add(value);
          }
        });
    return this;
  }
}
