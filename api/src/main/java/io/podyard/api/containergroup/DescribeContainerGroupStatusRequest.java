package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists groups as pods with their statuses; each filter that is present must match.
 *
 * @param containerGroupIds at most twenty; null means all, and an empty list none
 * @param limit 1 to 200, 50 by default
 * @param regionId null means this installation's own region
 * @param sinceSecond 60 to 3600: only groups that changed in that many seconds
 */
public record DescribeContainerGroupStatusRequest(
    @JsonArrayText(single = true) @MaxItems(20) @Nullable List<String> containerGroupIds,
    @InRange(min = 1, max = 200) @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @InRange(min = 60, max = 3600) @Nullable Integer sinceSecond,
    @MaxItems(10) List<Tag> tag,
    @Nullable String vSwitchId,
    @Nullable String zoneId) {
  public DescribeContainerGroupStatusRequest {
    containerGroupIds = containerGroupIds == null ? null : WireLists.orEmpty(containerGroupIds);
    tag = WireLists.orEmpty(tag);
  }
}
