package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.imagecache.CreateImageCacheRequest;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheRequest;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesRequest;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.UpdateImageCacheRequest;
import io.podyard.api.imagecache.UpdateImageCacheResponse;
import io.podyard.controlplane.imagecache.ImageCacheListing;
import io.podyard.controlplane.imagecache.ImageCaches;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on image caches. */
@Configuration(proxyBeanMethods = false)
class ImageCacheOperations {

  @Bean
  Operation<CreateImageCacheRequest, CreateImageCacheResponse> createImageCache(
      ImageCaches caches) {
    return new Operation<>(
        Action.CREATE_IMAGE_CACHE,
        CreateImageCacheRequest.class,
        CreateImageCacheResponse.class,
        caches::create);
  }

  @Bean
  Operation<UpdateImageCacheRequest, UpdateImageCacheResponse> updateImageCache(
      ImageCaches caches) {
    return new Operation<>(
        Action.UPDATE_IMAGE_CACHE,
        UpdateImageCacheRequest.class,
        UpdateImageCacheResponse.class,
        caches::update);
  }

  @Bean
  Operation<DeleteImageCacheRequest, DeleteImageCacheResponse> deleteImageCache(
      ImageCaches caches) {
    return new Operation<>(
        Action.DELETE_IMAGE_CACHE,
        DeleteImageCacheRequest.class,
        DeleteImageCacheResponse.class,
        caches::delete);
  }

  @Bean
  Operation<DescribeImageCachesRequest, DescribeImageCachesResponse> describeImageCaches(
      ImageCacheListing caches) {
    return new Operation<>(
        Action.DESCRIBE_IMAGE_CACHES,
        DescribeImageCachesRequest.class,
        DescribeImageCachesResponse.class,
        caches::describe);
  }
}
