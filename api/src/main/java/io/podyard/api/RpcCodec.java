package io.podyard.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns flattened RPC parameters into request records and back (contract section 2.1). Lists count
 * from 1; gaps in their indices are closed, and {@link Decoded#orThrow(List)} opens them again for
 * messages. All problems of a request are found at once, and no input makes it throw or do more
 * work than its length warrants.
 */
public final class RpcCodec {

  /** Parameters of the protocol, which the gateway reads. */
  private static final Set<String> PROTOCOL =
      Set.of(
          "Action",
          "Version",
          "Format",
          "AccessKeyId",
          "Signature",
          "SignatureMethod",
          "SignatureVersion",
          "SignatureNonce",
          "SignatureType",
          "Timestamp",
          "SecurityToken",
          "BearerToken",
          "RegionId",
          // Every request class of the SDKs has these four, also where an action lists none.
          "OwnerId",
          "OwnerAccount",
          "ResourceOwnerId",
          "ResourceOwnerAccount");

  private RpcCodec() {}

  /**
   * Reads the parameters of one request.
   *
   * @param parameters decoded names and values, the protocol's own among them; a null value is an
   *     absent one
   * @throws IllegalArgumentException if the type is not the action's
   */
  public static <R> Decoded<R> decode(
      Class<R> type, Action action, Map<String, String> parameters) {
    if (type != action.requestType()) {
      throw new IllegalArgumentException(action + " is not asked by a " + type.getName());
    }
    RequestReader reader = new RequestReader(action, Shape.of(action));
    for (Map.Entry<String, @Nullable String> parameter : parameters.entrySet()) {
      reader.read(parameter.getKey(), parameter.getValue());
    }
    R draft = type.cast(reader.build());
    List<Problem> problems = ordered(action, reader.problems());
    return new Decoded<>(
        problems.isEmpty() ? draft : null, problems, draft, reader.sentIndices(), reader.unread());
  }

  /**
   * The problems in the order of the contract's fields, unknown parameters last, and at most one
   * for each parameter: the first of those given.
   */
  public static List<Problem> ordered(Action action, List<Problem> problems) {
    if (problems.size() < 2) {
      return List.copyOf(problems);
    }
    Map<String, Problem> byParameter = new LinkedHashMap<>();
    for (Problem problem : problems) {
      byParameter.putIfAbsent(problem.parameter(), problem);
    }
    Shape.OfRecord shape = Shape.of(action);
    Map<FieldPosition, Problem> sorted = new TreeMap<>();
    for (Problem problem : byParameter.values()) {
      sorted.put(FieldPosition.of(shape, problem.parameter()), problem);
    }
    return List.copyOf(sorted.values());
  }

  /**
   * The parameters of a request record, without the protocol's own.
   *
   * @throws IllegalArgumentException if no action is asked by this record
   */
  public static Map<String, String> encode(Object requestRecord) {
    Action action =
        Action.ofRequest(requestRecord.getClass())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no action is asked by a " + requestRecord.getClass().getName()));
    Map<String, String> parameters = new LinkedHashMap<>();
    write(Shape.of(action), requestRecord, "", parameters);
    return parameters;
  }

  /** Whether a name belongs to the protocol or to a proxy rather than to an action. */
  static boolean isProtocol(String name) {
    return isNamedByProtocol(name) || name.regionMatches(true, 0, "x-", 0, 2);
  }

  /** Whether the protocol has a parameter of exactly this name. */
  static boolean isNamedByProtocol(String name) {
    return PROTOCOL.contains(name);
  }

  private static void write(
      Shape shape, @Nullable Object value, String path, Map<String, String> parameters) {
    if (value == null) {
      return;
    }
    switch (shape) {
      case Shape.OfRecord record -> {
        for (Shape.Member member : record.members()) {
          String name = path.isEmpty() ? member.wireName() : path + "." + member.wireName();
          write(member.shape(), component(member, value), name, parameters);
        }
      }
      case Shape.OfList list -> {
        List<?> items = (List<?>) value;
        for (int i = 0; i < items.size(); i++) {
          write(list.item(), items.get(i), path + "." + (i + 1), parameters);
        }
      }
      case Shape.OfValue single -> {
        // An empty list is written too: it is another request than one without the list.
        parameters.put(path, single.scalar().write(value));
      }
    }
  }

  private static @Nullable Object component(Shape.Member member, Object record) {
    try {
      return member.accessor().invokeExact(record);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot read " + member.wireName(), e);
    }
  }
}
