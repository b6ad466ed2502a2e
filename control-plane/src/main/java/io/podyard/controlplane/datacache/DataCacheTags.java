package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheTags;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The tags of data caches. */
@Component
class DataCacheTags extends CacheTags {

  private final DataCacheStore store;

  DataCacheTags(
      JdbcTemplate jdbc,
      DataCacheStore store,
      RequestNonces nonces,
      ClientTokens tokens,
      TransactionTemplate transaction) {
    super(jdbc, nonces, tokens, transaction, "DataCache", "data_cache");
    this.store = store;
  }

  @Override
  protected Optional<Map<String, String>> lock(AccountId account, RegionId region, String id) {
    return store.lock(account, region, id).map(DataCacheRow::tags);
  }

  @Override
  protected void tag(String id, Map<String, String> tags) {
    store.tag(id, tags);
  }
}
