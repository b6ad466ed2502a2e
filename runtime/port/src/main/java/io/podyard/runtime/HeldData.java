package io.podyard.runtime;

/**
 * The content of a data cache.
 *
 * @param digest of all of it, {@code sha256:...}; equal for equal data
 * @param bytes of all files
 * @param entries files, folders and links
 */
public record HeldData(String digest, long bytes, int entries) {}
