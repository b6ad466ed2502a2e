package io.podyard.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that was answered with an error, or not at all. */
public final class PodyardCallException extends RuntimeException {

  /** The code of a call that got no answer: refused, broken off or too late. */
  public static final String NO_ANSWER = "NoAnswer";

  /** The code of an answer that is not of this contract. */
  public static final String UNREADABLE_ANSWER = "UnreadableAnswer";

  private static final long serialVersionUID = 1L;

  private final String code;
  private final int httpStatus;
  private final String requestId;

  /**
   * @param httpStatus 0 if there was no answer
   * @param requestId empty if the answer had none
   */
  public PodyardCallException(
      String code, int httpStatus, String requestId, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.httpStatus = httpStatus;
    this.requestId = requestId;
  }

  /** The code of the answer, or one of this class. */
  public String code() {
    return code;
  }

  /** The code as the catalogue has it; empty for codes of other servers and of this class. */
  public Optional<ErrorCode> errorCode() {
    return ErrorCode.named(code);
  }

  /** The status of the answer, 0 if there was none. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The id of the request on the server, empty if the answer had none. */
  public String requestId() {
    return requestId;
  }
}
