package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** Known to one old SDK only. */
public record OverheadReservationOptionRequest(@Nullable Boolean enableOverheadReservation) {}
