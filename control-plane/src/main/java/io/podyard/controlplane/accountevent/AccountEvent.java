package io.podyard.controlplane.accountevent;

import java.time.Instant;

/**
 * Something that an account should know of, once or more often.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param subject what it is about, see {@link AccountHappening.Reason}
 */
public record AccountEvent(
    long id,
    String type,
    String reason,
    String subject,
    String message,
    int count,
    Instant firstAt,
    Instant lastAt) {}
