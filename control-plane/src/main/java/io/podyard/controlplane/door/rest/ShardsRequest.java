package io.podyard.controlplane.door.rest;

/** Asks for all shards. */
record ShardsRequest() {}
