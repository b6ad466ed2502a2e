package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheEventLog;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What happened to image caches. */
@Component
class CacheEvents extends CacheEventLog {

  CacheEvents(JdbcTemplate jdbc) {
    super(jdbc, "image_cache");
  }
}
