package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.OneOf;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the events of container groups; each filter that is present must match.
 *
 * @param containerGroupIds at most twenty; null means all, and an empty list none, since a program
 *     that asks for the groups it knows and knows none is not to get everybody's
 * @param eventSource {@code EciService} or {@code K8sAgent}
 * @param limit 1 to 200
 * @param regionId null means this installation's own region
 * @param sinceSecond 60 to 3600: only groups that changed in that many seconds
 */
public record DescribeContainerGroupEventsRequest(
    @JsonArrayText(single = true) @MaxItems(20) @Nullable List<String> containerGroupIds,
    @OneOf({"EciService", "K8sAgent"}) @Nullable String eventSource,
    @InRange(min = 1, max = 200) @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @InRange(min = 60, max = 3600) @Nullable Integer sinceSecond,
    @MaxItems(10) List<Tag> tag,
    @Nullable String vSwitchId,
    @Nullable String zoneId) {
  public DescribeContainerGroupEventsRequest {
    containerGroupIds = containerGroupIds == null ? null : WireLists.orEmpty(containerGroupIds);
    tag = WireLists.orEmpty(tag);
  }
}
