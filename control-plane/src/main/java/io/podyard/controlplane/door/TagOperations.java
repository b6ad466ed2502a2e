package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.tag.ListTagResourcesRequest;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.TagResourcesRequest;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.api.tag.UntagResourcesRequest;
import io.podyard.api.tag.UntagResourcesResponse;
import io.podyard.controlplane.tag.Tags;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on tags. */
@Configuration(proxyBeanMethods = false)
class TagOperations {

  @Bean
  Operation<TagResourcesRequest, TagResourcesResponse> tagResources(Tags tags) {
    return new Operation<>(
        Action.TAG_RESOURCES, TagResourcesRequest.class, TagResourcesResponse.class, tags::tag);
  }

  @Bean
  Operation<UntagResourcesRequest, UntagResourcesResponse> untagResources(Tags tags) {
    return new Operation<>(
        Action.UNTAG_RESOURCES,
        UntagResourcesRequest.class,
        UntagResourcesResponse.class,
        tags::untag);
  }

  @Bean
  Operation<ListTagResourcesRequest, ListTagResourcesResponse> listTagResources(Tags tags) {
    return new Operation<>(
        Action.LIST_TAG_RESOURCES,
        ListTagResourcesRequest.class,
        ListTagResourcesResponse.class,
        tags::list);
  }
}
