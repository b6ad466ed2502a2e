package io.podyard.controlplane.faults;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A client as programs should be: what it asks for carries a client token, and a call that was not
 * answered, or with 503 or that it is still under way, is repeated until it is. What it was told is
 * noted.
 */
final class PatientClient {

  static final Duration LONGEST_REPEATED = Duration.ofMinutes(4);

  private static final int REPEAT_MILLIS = 100;

  private final Supplier<PodyardClient> servers;
  private final Told told;

  /**
   * @param servers gives the one that is asked, anew for each try
   */
  PatientClient(Supplier<PodyardClient> servers, Told told) {
    this.servers = servers;
    this.told = told;
  }

  /** Creates a group, of parameters with a token; noting it as made is the caller's. */
  ContainerGroupId create(Map<String, String> parameters) {
    return new ContainerGroupId(
        repeated(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  /** Deletes a group; false if it is to be left alone for now. */
  boolean delete(ContainerGroupId id, boolean force) {
    if (!told.deleting(id)) {
      return false;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ContainerGroupId", id.value());
    // With a token, repeating a delete that was made but not confirmed is a success as well.
    parameters.put("ClientToken", "delete-" + id.value());
    if (force) {
      parameters.put("Force", "true");
    }
    DeleteContainerGroupResponse response =
        repeated(Action.DELETE_CONTAINER_GROUP, parameters, DeleteContainerGroupResponse.class);
    told.deleted(id, response.requestId());
    return true;
  }

  <R> R repeated(Action action, Map<String, String> parameters, Class<R> type) {
    long end = System.nanoTime() + LONGEST_REPEATED.toNanos();
    while (true) {
      long asked = System.nanoTime();
      try {
        R answer = servers.get().call(action, parameters, type);
        told.answered(System.nanoTime() - asked);
        return answer;
      } catch (PodyardCallException e) {
        boolean answered = e.httpStatus() != 0;
        if (answered) {
          told.unavailable(System.nanoTime() - asked);
        } else {
          told.unanswered();
        }
        if ((answered && !mayBeRepeated(e)) || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REPEAT_MILLIS));
      }
    }
  }

  /** It may come right, or another process that has the token has not ended it yet. */
  private static boolean mayBeRepeated(PodyardCallException e) {
    return e.httpStatus() == 503
        || e.errorCode().equals(Optional.of(ErrorCode.LAST_TOKEN_PROCESSING));
  }
}
