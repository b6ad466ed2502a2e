package io.podyard.runtime;

/**
 * What came of a {@link Handler}.
 *
 * @param output the command's own, or why it failed; cut to what a message may hold
 */
public record CheckResult(boolean passed, String output) {}
