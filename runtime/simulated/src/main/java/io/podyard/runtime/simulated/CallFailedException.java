package io.podyard.runtime.simulated;

/** The process answered a call with a failure that its caller turns into the port's own. */
final class CallFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Reply.Failure failure;

  CallFailedException(Reply.Failure failure) {
    super(failure.kind() + " " + failure.message());
    this.failure = failure;
  }

  Reply.Failure failure() {
    return failure;
  }
}
