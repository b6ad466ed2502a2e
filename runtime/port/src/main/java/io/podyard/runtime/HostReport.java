package io.podyard.runtime;

import io.podyard.model.Size;

/**
 * What a host says of itself.
 *
 * @param engine name and version of its engine
 * @param capacity all it has
 * @param architecture {@code amd64} or {@code arm64}
 */
public record HostReport(String engine, Size capacity, String architecture) {}
