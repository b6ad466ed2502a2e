package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.datacache.CopyDataCacheRequest;
import io.podyard.api.datacache.CopyDataCacheResponse;
import io.podyard.api.datacache.CreateDataCacheRequest;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheRequest;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesRequest;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.datacache.UpdateDataCacheRequest;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.controlplane.datacache.DataCacheListing;
import io.podyard.controlplane.datacache.DataCaches;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on data caches. */
@Configuration(proxyBeanMethods = false)
class DataCacheOperations {

  @Bean
  Operation<CreateDataCacheRequest, CreateDataCacheResponse> createDataCache(DataCaches caches) {
    return new Operation<>(
        Action.CREATE_DATA_CACHE,
        CreateDataCacheRequest.class,
        CreateDataCacheResponse.class,
        caches::create);
  }

  @Bean
  Operation<UpdateDataCacheRequest, UpdateDataCacheResponse> updateDataCache(DataCaches caches) {
    return new Operation<>(
        Action.UPDATE_DATA_CACHE,
        UpdateDataCacheRequest.class,
        UpdateDataCacheResponse.class,
        caches::update);
  }

  @Bean
  Operation<CopyDataCacheRequest, CopyDataCacheResponse> copyDataCache(DataCaches caches) {
    return new Operation<>(
        Action.COPY_DATA_CACHE,
        CopyDataCacheRequest.class,
        CopyDataCacheResponse.class,
        caches::copy);
  }

  @Bean
  Operation<DeleteDataCacheRequest, DeleteDataCacheResponse> deleteDataCache(DataCaches caches) {
    return new Operation<>(
        Action.DELETE_DATA_CACHE,
        DeleteDataCacheRequest.class,
        DeleteDataCacheResponse.class,
        caches::delete);
  }

  @Bean
  Operation<DescribeDataCachesRequest, DescribeDataCachesResponse> describeDataCaches(
      DataCacheListing caches) {
    return new Operation<>(
        Action.DESCRIBE_DATA_CACHES,
        DescribeDataCachesRequest.class,
        DescribeDataCachesResponse.class,
        caches::describe);
  }
}
