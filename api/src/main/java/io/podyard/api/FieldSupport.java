package io.podyard.api;

import java.util.List;

/** What this version does with a request field. */
public sealed interface FieldSupport {

  /** The field has the effect the contract gives it. */
  record Works() implements FieldSupport {}

  /** The field is accepted and stored, and given back where an answer has it; it has no effect. */
  record Kept() implements FieldSupport {}

  /**
   * The field is read and checked, and that is all: it means nothing here, is not stored and comes
   * back in no answer. Clients send it all the same.
   *
   * @param why it can mean nothing, as the end of a sentence
   */
  record Accepted(String why) implements FieldSupport {}

  /**
   * The field is answered with {@link ErrorCode#INVALID_PARAMETER}.
   *
   * @param reason why, as the end of a sentence
   * @param accepted values that ask for nothing, such as {@code false}, and are therefore accepted;
   *     compared without regard to case, numbers by value
   */
  record Refused(String reason, List<String> accepted) implements FieldSupport {

    public Refused {
      accepted = List.copyOf(accepted);
    }
  }
}
