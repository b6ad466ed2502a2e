package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.tag.TagChange;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes the tags of groups. The version of a group stays: it guards what its driver decides, and
 * no driver looks at tags.
 */
@Component
class JdbcGroupTagging implements BatchWriter.Handler<TagChange, TagChange.Outcome> {

  private record Row(String account, String region, Map<String, String> tags) {}

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final GroupDocuments documents;

  JdbcGroupTagging(
      JdbcTemplate jdbc, RequestNonces nonces, ClientTokens tokens, GroupDocuments documents) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.documents = documents;
  }

  @Override
  public List<TagChange.Outcome> write(List<TagChange> items) {
    List<Boolean> fresh = nonces.burn(items.stream().map(TagChange::nonce).toList());
    List<@Nullable TokenClaim> claims = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      claims.add(fresh.get(i) ? items.get(i).token() : null);
    }
    List<TokenClaim.Outcome> claimed = tokens.claim(claims);
    Map<String, Row> rows = lock(items);
    SortedMap<String, Map<String, String>> changed = new TreeMap<>();
    Map<TokenClaim, TagChange.Outcome> refused = new HashMap<>();
    List<TagChange.Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      TagChange item = items.get(i);
      if (!fresh.get(i)) {
        outcomes.add(new TagChange.Outcome.NonceUsed());
        continue;
      }
      TokenClaim token = item.token();
      outcomes.add(
          switch (claimed.get(i)) {
            case TokenClaim.Outcome.Mismatch mismatch -> new TagChange.Outcome.TokenMismatch();
            case TokenClaim.Outcome.Replay replay ->
                // In this batch it may be a request that was refused a moment ago.
                refused.getOrDefault(token, new TagChange.Outcome.Changed());
            case TokenClaim.Outcome.Granted granted -> {
              TagChange.Outcome outcome = change(item, rows, changed);
              if (token != null && !(outcome instanceof TagChange.Outcome.Changed)) {
                refused.put(token, outcome);
              }
              yield outcome;
            }
          });
    }
    tokens.giveBack(List.copyOf(refused.keySet()));
    update(changed);
    return outcomes;
  }

  private static TagChange.Outcome change(
      TagChange item, Map<String, Row> rows, Map<String, Map<String, String>> changed) {
    Map<String, Row> own = new LinkedHashMap<>();
    Set<String> unknown = new HashSet<>();
    for (String id : item.resources()) {
      Row row = rows.get(id);
      if (row != null
          && row.account().equals(item.account().value())
          && row.region().equals(item.region().value())) {
        own.put(id, row);
      } else {
        unknown.add(id);
      }
    }
    if (!unknown.isEmpty()) {
      return new TagChange.Outcome.Unknown(unknown);
    }
    Map<String, Row> next = new LinkedHashMap<>();
    for (Map.Entry<String, Row> resource : own.entrySet()) {
      String id = resource.getKey();
      Row row = resource.getValue();
      Map<String, String> tags = item.edit().applied(row.tags());
      if (tags.size() > TagRules.MOST_TAGS && tags.size() > row.tags().size()) {
        return new TagChange.Outcome.TooMany(id, tags.size());
      }
      next.put(id, new Row(row.account(), row.region(), tags));
    }
    rows.putAll(next);
    next.forEach((id, row) -> changed.put(id, row.tags()));
    return new TagChange.Outcome.Changed();
  }

  private Map<String, Row> lock(List<TagChange> items) {
    Map<String, Row> rows = new HashMap<>();
    jdbc.query(
        """
        select id, account_id, region, tags from container_group
        where id = any(?::text[]) and deleted_at is null
        order by id for no key update
        """,
        Columns.of(items.stream().flatMap(item -> item.resources().stream()).distinct().toList())
            .text(id -> id),
        row -> {
          rows.put(
              row.getString(1),
              new Row(row.getString(2), row.getString(3), documents.readTags(row.getString(4))));
        });
    return rows;
  }

  private void update(SortedMap<String, Map<String, String>> changed) {
    if (changed.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update container_group g set tags = t.tags::jsonb, changed_at = now()
        from unnest(?::text[], ?::text[]) as t (id, tags)
        where g.id = t.id
        """,
        Columns.of(List.copyOf(changed.entrySet()))
            .text(Map.Entry::getKey)
            .text(entry -> documents.write(entry.getValue())));
  }
}
