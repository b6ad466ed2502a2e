package io.podyard.controlplane.tag;

/** One tag of one resource. */
public record TagRow(String resource, String key, String value) {}
