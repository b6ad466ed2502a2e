package io.podyard.controlplane.cache;

import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.tag.TagChange;
import io.podyard.controlplane.tag.TagQuery;
import io.podyard.controlplane.tag.TagRow;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.controlplane.tag.TaggedResources;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The tags of caches of one kind. */
public abstract class CacheTags implements TaggedResources {

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final TransactionTemplate transaction;
  private final String type;
  private final String caches;

  /**
   * @param type the contract's name of it
   * @param caches the table that they are in
   */
  protected CacheTags(
      JdbcTemplate jdbc,
      RequestNonces nonces,
      ClientTokens tokens,
      TransactionTemplate transaction,
      String type,
      String caches) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.transaction = transaction;
    this.type = type;
    this.caches = caches;
  }

  /** The tags of a cache, which is locked; empty if the account has no such cache there. */
  protected abstract Optional<Map<String, String>> lock(
      AccountId account, RegionId region, String id);

  /** Sets the tags of a cache. */
  protected abstract void tag(String id, Map<String, String> tags);

  @Override
  public String type() {
    return type;
  }

  @Override
  public TagChange.Outcome change(TagChange change) {
    return Objects.requireNonNull(
        transaction.execute(
            _ -> {
              if (!nonces.burn(Collections.singletonList(change.nonce())).getFirst()) {
                return new TagChange.Outcome.NonceUsed();
              }
              TokenClaim token = change.token();
              return switch (tokens.claim(Collections.singletonList(token)).getFirst()) {
                case TokenClaim.Outcome.Mismatch _ -> new TagChange.Outcome.TokenMismatch();
                case TokenClaim.Outcome.Replay _ -> new TagChange.Outcome.Changed();
                case TokenClaim.Outcome.Granted _ -> {
                  TagChange.Outcome outcome = changeLocked(change);
                  if (token != null && !(outcome instanceof TagChange.Outcome.Changed)) {
                    tokens.giveBack(List.of(token));
                  }
                  yield outcome;
                }
              };
            }));
  }

  private TagChange.Outcome changeLocked(TagChange change) {
    Map<String, Map<String, String>> tags = new HashMap<>();
    Set<String> unknown = new HashSet<>();
    // In the order of their ids, or two changes could wait for each other.
    for (String id : change.resources().stream().sorted().toList()) {
      lock(change.account(), change.region(), id)
          .ifPresentOrElse(found -> tags.put(id, found), () -> unknown.add(id));
    }
    if (!unknown.isEmpty()) {
      return new TagChange.Outcome.Unknown(unknown);
    }
    Map<String, Map<String, String>> changed = new HashMap<>();
    for (String id : change.resources()) {
      Map<String, String> before = tags.getOrDefault(id, Map.of());
      Map<String, String> after = change.edit().applied(before);
      if (after.size() > TagRules.MOST_TAGS && after.size() > before.size()) {
        return new TagChange.Outcome.TooMany(id, after.size());
      }
      changed.put(id, after);
    }
    changed.forEach(this::tag);
    return new TagChange.Outcome.Changed();
  }

  @Override
  public List<TagRow> list(TagQuery query) {
    CacheFilter filter =
        CacheFilter.of(query.account(), query.region()).ids(query.resources()).tags(query.tags());
    List<Object> arguments = new ArrayList<>(filter.arguments());
    String sql = filter.sql();
    TagRow after = query.after();
    if (after != null) {
      // Compared byte by byte, as ordered, whatever the language of the database is.
      sql += " and (c.id < ? or (c.id = ? and t.key collate \"C\" > ?))";
      arguments.addAll(List.of(after.resource(), after.resource(), after.key()));
    }
    arguments.add(query.limit());
    return jdbc.query(
        """
        select c.id, t.key, t.value from %s c cross join lateral jsonb_each_text(c.tags) t
        where %s order by c.id desc, t.key collate "C" limit ?
        """
            .formatted(caches, sql),
        (row, n) -> new TagRow(row.getString(1), row.getString(2), row.getString(3)),
        arguments.toArray());
  }
}
