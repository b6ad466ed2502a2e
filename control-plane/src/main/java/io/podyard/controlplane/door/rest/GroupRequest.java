package io.podyard.controlplane.door.rest;

import org.jspecify.annotations.Nullable;

/** Asks for one container group. */
record GroupRequest(@Nullable String containerGroupId) {}
