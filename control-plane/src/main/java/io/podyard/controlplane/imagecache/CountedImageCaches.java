package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.quota.CountedResources;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What counts towards the quotas of caches: those that are not deleted, failed ones too. */
@Configuration(proxyBeanMethods = false)
class CountedImageCaches {

  private record Counted(QuotaKind kind, boolean automatic, ImageCacheStore store)
      implements CountedResources {
    @Override
    public long count(QuotaPlace place) {
      return store.count(place.account(), place.region(), automatic);
    }
  }

  @Bean
  CountedResources imageCacheCount(ImageCacheStore store) {
    return new Counted(QuotaKind.IMAGE_CACHE, false, store);
  }

  @Bean
  CountedResources automaticImageCacheCount(ImageCacheStore store) {
    return new Counted(QuotaKind.AUTO_IMAGE_CACHE, true, store);
  }
}
