package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.ACCOUNT_ARREARAGE;
import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.NUMBER_EXCEED_TAGS;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;

import io.podyard.api.Action;
import io.podyard.controlplane.datacache.DataCacheListing;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Data caches as resources. */
@Configuration(proxyBeanMethods = false)
class DataCacheRoutes {

  /** Which one is to be read. */
  record DataCacheRequest(@Nullable String dataCacheId, @Nullable String regionId) {}

  private static final String ALL = "/data-caches";
  private static final String ONE = ALL + "/{dataCacheId}";

  @Bean
  Route createDataCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.CREATE_DATA_CACHE,
        "POST",
        ALL,
        RouteText.of(
                RouteText.DATA_CACHES,
                "Create a data cache",
                """
                A host reads the source and holds what it has. Answers as soon as the wish is \
                durable; the cache is `Available` when the host holds all of it. If the data does \
                not fit `size`, or cannot be read, it is `Failed`, its events say why, and it goes \
                after a day.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_DUPLICATED_NAME,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                NUMBER_EXCEED_TAGS,
                INCORRECT_STATUS,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                QUOTA_EXCEEDED,
                ACCOUNT_ARREARAGE)
            .example(
                """
                {
                  "path": "/models/tiny",
                  "name": "tiny",
                  "size": 20,
                  "dataSource": {
                    "type": "URL",
                    "options": {"repoSource": "HuggingFace/Model", "repoId": "owner/tiny"}
                  },
                  "retentionDays": 30
                }
                """));
  }

  @Bean
  Route describeDataCachesRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_DATA_CACHES,
        "GET",
        ALL,
        RouteText.of(RouteText.DATA_CACHES, "List data caches", "Newest first.")
            .errors(INVALID_PARAMETER_LENGTH_EXCEEDED, INVALID_PARAMETER_VALUE_EXCEEDED));
  }

  @Bean
  Route describeDataCacheRoute(DataCacheListing caches, Regions regions) {
    return Route.own(
        "DescribeDataCache",
        "GET",
        ONE,
        DataCacheRequest.class,
        DataCacheWithBytesResponse.class,
        (caller, fields) -> {
          String id = fields.required("DataCacheId");
          RegionId region = regions.read(fields.text("RegionId"), fields::add);
          return () ->
              DataCacheWithBytesResponse.of(
                  caches.require(caller.account(), region, id), caches.copied(id));
        },
        RouteText.of(
                RouteText.DATA_CACHES,
                "Read a data cache",
                "Its status, where its data is from, how many bytes of it hosts have, and the"
                    + " newest of what happened to it.")
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route updateDataCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.UPDATE_DATA_CACHE,
        "PATCH",
        ONE,
        RouteText.of(
                RouteText.DATA_CACHES,
                "Change a data cache",
                """
                Only what is given changes. Where a source is given, the same one too, it is read \
                anew; what the cache held is used until that is done, and stays if it cannot be \
                done.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_DUPLICATED_NAME,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                NUMBER_EXCEED_TAGS,
                INCORRECT_STATUS,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                ACCOUNT_ARREARAGE)
            .example("{\"retentionDays\": 60}\n"));
  }

  @Bean
  Route copyDataCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.COPY_DATA_CACHE,
        "POST",
        ONE + "/copy",
        RouteText.of(
                RouteText.DATA_CACHES,
                "Copy a data cache",
                """
                A host of the other region, or of the same one for another place in it, holds the \
                same data, from what is kept of it. What is not given is that of the cache, but \
                for retention, resource group and tags.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_DUPLICATED_NAME,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                NUMBER_EXCEED_TAGS,
                INCORRECT_STATUS,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                QUOTA_EXCEEDED,
                ACCOUNT_ARREARAGE)
            .example("{\"destinationRegionId\": \"cn-beijing\"}\n"));
  }

  @Bean
  Route deleteDataCacheRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DELETE_DATA_CACHE,
        "DELETE",
        ONE,
        RouteText.of(
                RouteText.DATA_CACHES,
                "Delete a data cache",
                """
                It is gone from answers at once; hosts let go of it after that. Container groups \
                that mount it go on.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING));
  }
}
