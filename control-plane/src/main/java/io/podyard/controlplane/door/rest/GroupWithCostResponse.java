package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.containergroup.ContainerGroupResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container group and what it cost.
 *
 * @param group its fields stand beside the others; beyond the statuses of contract section 5 its
 *     status is {@code Deleted} if its record is over because its owner ended it
 * @param owner its fields do too
 * @param imageCache what it started from, absent for none
 * @param imagePulls one for each image whose fetch has begun
 * @param ended whether its record is over; then everything else is as it was last
 */
record GroupWithCostResponse(
    @JsonUnwrapped ContainerGroupResponse group,
    @JsonUnwrapped OwnerResponse owner,
    @Nullable ImageCacheUseResponse imageCache,
    List<ImagePullResponse> imagePulls,
    boolean ended,
    CostResponse cost) {}
