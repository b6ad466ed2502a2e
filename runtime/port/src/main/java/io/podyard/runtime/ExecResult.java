package io.podyard.runtime;

/**
 * What a command in a container did.
 *
 * @param output standard output and error, in the order they came, cut at the limit
 */
public record ExecResult(int exitCode, String output) {}
