package io.podyard.controlplane.exec;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a command that was run.
 *
 * @param id sorts by time
 * @param key who ran it
 * @param waitedFor whether it was waited for, not talked with
 * @param endedAt null while it runs, or if the process it ran through ended without a word
 * @param exitCode null unless it ended by itself
 * @param outcome how it came to its end, in words; null as long as that is not known
 */
public record ExecRecord(
    String id,
    String key,
    String container,
    List<String> command,
    boolean waitedFor,
    boolean stdin,
    boolean tty,
    Instant openedAt,
    @Nullable Instant endedAt,
    @Nullable Integer exitCode,
    @Nullable String outcome) {}
