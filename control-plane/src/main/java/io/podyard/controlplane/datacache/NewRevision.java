package io.podyard.controlplane.datacache;

import io.podyard.runtime.HeldData;
import org.jspecify.annotations.Nullable;

/**
 * A revision that is to be made.
 *
 * @param source where it is read
 * @param copyOf the cache that it is a copy of, null for none
 * @param expected what it has to be; null unless it is a copy
 */
record NewRevision(
    int sizeGib, StoredSource source, @Nullable String copyOf, @Nullable HeldData expected) {}
