package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.RpcCodec;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.write.NotWrittenException;
import java.util.ArrayList;
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
     * Returns when the effect is durable.
     *
     * @throws io.podyard.api.ApiException if the request is refused
     * @throws NotWrittenException if the effect may not be durable
     */
    A call(Caller caller, Q request) throws NotWrittenException;

    /**
     * The same for a feature that reports what is wrong with the parameters together with what it
     * finds wrong itself.
     */
    default A callDecoded(Caller caller, Decoded<Q> request) throws NotWrittenException {
      return call(caller, request.orThrow());
    }
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
    return feature.callDecoded(caller, RpcCodec.decode(requestType, action, parameters));
  }

  /**
   * The same for a door that has found problems already; they are answered with the others.
   *
   * @throws io.podyard.api.ApiException if there is any
   */
  public A call(Caller caller, Map<String, String> parameters, List<Problem> found)
      throws NotWrittenException {
    Decoded<Q> decoded = RpcCodec.decode(requestType, action, parameters);
    if (found.isEmpty()) {
      return feature.callDecoded(caller, decoded);
    }
    // The door's first: of two about one parameter it knows better what was sent.
    List<Problem> all = new ArrayList<>(found);
    all.addAll(decoded.problems());
    return feature.callDecoded(
        caller, new Decoded<>(null, RpcCodec.ordered(action, all), decoded.draft()));
  }
}
