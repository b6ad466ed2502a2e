package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.ACCOUNT_ARREARAGE;
import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.IMAGE_CACHE_INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.NO_NEED_UPDATE;
import static io.podyard.api.ErrorCode.NUMBER_EXCEED_TAGS;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.imagecache.ImageCacheListing;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Image caches as resources. */
@Configuration(proxyBeanMethods = false)
class ImageCacheRoutes {

  /** Which one is to be read. */
  record ImageCacheRequest(@Nullable String imageCacheId, @Nullable String regionId) {}

  private static final String ALL = "/image-caches";
  private static final String ONE = ALL + "/{imageCacheId}";

  @Bean
  Route createImageCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.CREATE_IMAGE_CACHE,
        "POST",
        ALL,
        RouteText.of(
                RouteText.IMAGE_CACHES,
                "Create an image cache",
                """
                Hosts fetch the images and hold them, so that container groups start from them \
                without a registry. Answers as soon as the wish is durable; the cache is `Ready` \
                when `standardCopyCount` hosts hold all images, with `flash` when the first one \
                does. What the names stand for is settled by the first host that fetches them; all \
                others hold the same. If the images do not fit `imageCacheSize`, or cannot be \
                fetched, it is `Failed`, its events say why, and it goes after a day.\
                """)
            .errors(
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                NUMBER_EXCEED_TAGS,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                QUOTA_EXCEEDED,
                ACCOUNT_ARREARAGE)
            .example(
                """
                {
                  "imageCacheName": "web",
                  "image": ["nginx:1.29", "redis:8"],
                  "imageCacheSize": 20,
                  "standardCopyCount": 2,
                  "retentionDays": 30
                }
                """));
  }

  @Bean
  Route describeImageCachesRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_IMAGE_CACHES,
        "GET",
        ALL,
        RouteText.of(
                RouteText.IMAGE_CACHES,
                "List image caches",
                """
                Newest first. With `matchImage`, the images of a container group, those that can \
                serve it, in the order in which `autoMatchImageCache` would take them: how many of \
                the images they hold, how many bytes those are, newest.\
                """)
            .errors(INVALID_PARAMETER_LENGTH_EXCEEDED, INVALID_PARAMETER_VALUE_EXCEEDED));
  }

  @Bean
  Route describeImageCacheRoute(ImageCacheListing caches, Regions regions) {
    return Route.own(
        "DescribeImageCache",
        "GET",
        ONE,
        ImageCacheRequest.class,
        ImageCacheWithBytesResponse.class,
        (caller, fields) -> {
          String id = fields.required("ImageCacheId");
          RegionId region = regions.read(fields.text("RegionId"), fields::add);
          return () ->
              ImageCacheWithBytesResponse.of(
                  caches.require(caller.account(), region, id), caches.copied(id));
        },
        RouteText.of(
                RouteText.IMAGE_CACHES,
                "Read an image cache",
                "Its status, what it holds, how many bytes of it hosts have, and the newest of what"
                    + " happened to it.")
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route updateImageCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.UPDATE_IMAGE_CACHE,
        "PATCH",
        ONE,
        RouteText.of(
                RouteText.IMAGE_CACHES,
                "Change an image cache",
                """
                Only what is given changes. Where other images, logins, sizes or numbers of copies \
                are asked for, hosts make the cache anew; what it held is used until that is done, \
                and stays if it cannot be done.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                NUMBER_EXCEED_TAGS,
                IMAGE_CACHE_INCORRECT_STATUS,
                NO_NEED_UPDATE,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                ACCOUNT_ARREARAGE)
            .example("{\"image\": [\"nginx:1.30\", \"redis:8\"]}\n"));
  }

  @Bean
  Route deleteImageCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DELETE_IMAGE_CACHE,
        "DELETE",
        ONE,
        RouteText.of(
                RouteText.IMAGE_CACHES,
                "Delete an image cache",
                """
                It is gone from answers at once; hosts let go of it after that. Container groups \
                that started from it go on.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING));
  }
}
