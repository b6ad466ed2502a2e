package io.podyard.api;

import java.util.Set;

/** Which parameters of a request may be repeated, in an answer or elsewhere, value and all. */
public final class ShownParameters {

  private static final Set<String> SECRETS_OF_PROTOCOL = Set.of("SecurityToken", "BearerToken");

  private ShownParameters() {}

  /**
   * Whether the value may be shown: the parameter is one of the protocol or of the action, and its
   * value is none that is kept secret. A name that nobody knows may be a misspelled password.
   *
   * @param parameter the name it was sent by
   */
  public static boolean mayShow(Action action, String parameter) {
    if (RpcCodec.isNamedByProtocol(parameter)) {
      return !SECRETS_OF_PROTOCOL.contains(parameter);
    }
    return !Problem.isSecret(parameter)
        && !isCommand(action, parameter)
        && isKnown(Shape.of(action), parameter);
  }

  /** A command of a group is in answers anyway; one that is run once is nowhere. */
  private static boolean isCommand(Action action, String parameter) {
    return action == Action.EXEC_CONTAINER_COMMAND && parameter.equals("Command");
  }

  private static boolean isKnown(Shape root, String parameter) {
    Shape shape = root;
    for (String part : parameter.split("\\.", -1)) {
      switch (shape) {
        case Shape.OfRecord record -> {
          Shape.Member member = record.byName().get(part);
          if (member == null) {
            return false;
          }
          shape = member.shape();
        }
        case Shape.OfList list -> {
          if (FieldPosition.index(part) == 0) {
            return false;
          }
          shape = list.item();
        }
        case Shape.OfValue value -> {
          return false;
        }
      }
    }
    return shape instanceof Shape.OfValue;
  }
}
