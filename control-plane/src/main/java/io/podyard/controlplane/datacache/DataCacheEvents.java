package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheEventLog;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What happened to data caches. */
@Component
class DataCacheEvents extends CacheEventLog {

  DataCacheEvents(JdbcTemplate jdbc) {
    super(jdbc, "data_cache");
  }
}
