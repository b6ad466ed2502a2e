package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.RpcCodec;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.write.NotWrittenException;
import java.util.List;
import java.util.Map;

/**
 * What the door calls for an action: the way to a feature. A bean for each action.
 *
 * @param <Q> the request of the action
 * @param <A> its answer; the door fills in the request id
 */
public record Operation<Q extends Record, A extends Record>(
    Action action, Class<Q> requestType, Class<A> responseType, Feature<Q, A> feature) {

  /** What a feature does for a caller. */
  @FunctionalInterface
  public interface Feature<Q extends Record, A extends Record> {

    /**
     * Returns when the effect is durable. A feature checks the draft and takes the request from
     * {@link Decoded#orThrow(List)}, so that what it finds wrong and what was found before it are
     * one answer.
     *
     * @throws io.podyard.api.ApiException if the request is refused
     * @throws NotWrittenException if the effect may not be durable
     */
    A call(Caller caller, Decoded<Q> request) throws NotWrittenException;
  }

  /**
   * @throws IllegalArgumentException if the types are not the action's
   */
  public Operation {
    if (requestType != action.requestType() || responseType != action.responseType()) {
      throw new IllegalArgumentException(
          "%s is asked by %s and answered by %s"
              .formatted(
                  action.wireName(),
                  action.requestType().getName(),
                  action.responseType().getName()));
    }
  }

  /** Decodes the request and carries it out. */
  public A call(Caller caller, Map<String, String> parameters) throws NotWrittenException {
    return call(caller, parameters, List.of());
  }

  /**
   * The same for a door that has found problems already; they are answered with the others.
   *
   * @throws io.podyard.api.ApiException if there is any
   */
  public A call(Caller caller, Map<String, String> parameters, List<Problem> found)
      throws NotWrittenException {
    return feature.call(caller, RpcCodec.decode(requestType, action, parameters).after(found));
  }
}
