package io.podyard.runtime;

/**
 * A part of an image as its registry has it. Equal digests are equal bytes, whatever image they are
 * part of.
 *
 * @param digest {@code sha256:...}
 * @param bytes compressed
 */
public record HeldLayer(String digest, long bytes) {}
