package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.exec.ExecRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of commands that were run. */
record ExecSessionsResponse(List<ExecSession> execSessions, @Nullable String nextToken) {

  /** A command that was run. */
  record ExecSession(
      String execSessionId,
      String accessKeyId,
      String containerName,
      List<String> command,
      boolean sync,
      boolean stdin,
      boolean tty,
      Instant startTime,
      @Nullable Instant endTime,
      @Nullable Integer exitCode,
      @Nullable String outcome) {

    static ExecSession of(ExecRecord record) {
      return new ExecSession(
          record.id(),
          record.key(),
          record.container(),
          record.command(),
          record.waitedFor(),
          record.stdin(),
          record.tty(),
          record.openedAt(),
          record.endedAt(),
          record.exitCode(),
          record.outcome());
    }
  }
}
