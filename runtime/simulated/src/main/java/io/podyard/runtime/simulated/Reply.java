package io.podyard.runtime.simulated;

import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.Observation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process says: the answer to a request, or news. Only what the call asked for is set; a
 * call that asks for nothing is answered by the id alone.
 *
 * @param id of the request, 0 for news
 */
record Reply(
    long id,
    @Nullable Failure failure,
    @Nullable Changed changed,
    @Nullable Observation seen,
    @Nullable Map<String, EngineView> views,
    @Nullable List<Host> hosts,
    @Nullable List<Integer> attempts,
    @Nullable String text,
    @Nullable Integer exitCode,
    @Nullable List<GroupStatistics> statistics,
    @Nullable CopyState copy,
    @Nullable DataState data) {

  enum Kind {
    /** The host does not answer, or there is none. */
    UNAVAILABLE,
    /** The engine will not do it. */
    REFUSED,
    NO_SUCH_CONTAINER,
    /** The command took longer than it may and was ended. */
    COMMAND_ENDED,
    /** The request cannot be understood. */
    INVALID
  }

  record Failure(Kind kind, String reason, String message) {}

  record Changed(String installation, String host, String group) {}

  /**
   * @param gpus null for none, of which clients of earlier releases know nothing
   * @param gpuModel the same
   */
  record Host(
      String host,
      String engine,
      int milliCpu,
      int memoryMib,
      String architecture,
      @Nullable Integer gpus,
      @Nullable String gpuModel) {}

  /** A request: its number on the connection, and the call. */
  record Request(long id, Call call) {}

  static Reply done(long id) {
    return new Reply(id, null, null, null, null, null, null, null, null, null, null, null);
  }

  static Reply failure(long id, Kind kind, String reason, @Nullable String message) {
    Failure failure = new Failure(kind, reason, message == null ? "" : message);
    return new Reply(id, failure, null, null, null, null, null, null, null, null, null, null);
  }

  static Reply changed(String installation, String host, String group) {
    Changed changed = new Changed(installation, host, group);
    return new Reply(0, null, changed, null, null, null, null, null, null, null, null, null);
  }

  static Reply seen(long id, Observation seen) {
    return new Reply(id, null, null, seen, null, null, null, null, null, null, null, null);
  }

  static Reply views(long id, Map<String, EngineView> views) {
    return new Reply(id, null, null, null, views, null, null, null, null, null, null, null);
  }

  static Reply statistics(long id, List<GroupStatistics> statistics) {
    return new Reply(id, null, null, null, null, null, null, null, null, statistics, null, null);
  }

  static Reply hosts(long id, List<Host> hosts) {
    return new Reply(id, null, null, null, null, hosts, null, null, null, null, null, null);
  }

  static Reply attempts(long id, List<Integer> attempts) {
    return new Reply(id, null, null, null, null, null, attempts, null, null, null, null, null);
  }

  static Reply text(long id, String text, @Nullable Integer exitCode) {
    return new Reply(id, null, null, null, null, null, null, text, exitCode, null, null, null);
  }

  static Reply copy(long id, @Nullable CopyState copy) {
    return new Reply(id, null, null, null, null, null, null, null, null, null, copy, null);
  }

  static Reply data(long id, @Nullable DataState data) {
    return new Reply(id, null, null, null, null, null, null, null, null, null, null, data);
  }
}
