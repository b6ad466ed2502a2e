package io.podyard.controlplane.door.signature;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.write.NotWrittenException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a signed request at most once. A nonce is burnt even if the request then fails, except
 * with 503: that asks the client to send the very same request again.
 */
public final class OncePerNonce {

  private static final int UNAVAILABLE = ErrorCode.SERVICE_UNAVAILABLE.httpStatus();

  /** What answers a request; it never throws. */
  @FunctionalInterface
  public interface Work {

    /**
     * Answers.
     *
     * @param nonce to be burnt together with the effect; null for a request that only reads
     */
    HttpAnswer answer(@Nullable NonceUse nonce);
  }

  private final SeenNonces seen;
  private final NonceBurner burner;

  public OncePerNonce(SeenNonces seen, NonceBurner burner) {
    this.seen = seen;
    this.burner = burner;
  }

  /**
   * Answers a request.
   *
   * @param error writes an error answer
   * @throws ApiException if this process has seen the request before
   */
  public HttpAnswer answer(
      SignedRequest signed,
      boolean changesSomething,
      Work work,
      Function<Throwable, HttpAnswer> error) {
    if (!seen.add(signed.key().id(), signed.nonce())) {
      throw nonceUsed();
    }
    NonceUse nonce = changesSomething ? new NonceUse(signed.key().id(), signed.nonce()) : null;
    HttpAnswer answer = work.answer(nonce);
    if (answer.status() != UNAVAILABLE) {
      answer = burn(nonce, answer, error);
    }
    if (answer.status() == UNAVAILABLE) {
      // The client was told to repeat the request, so the very same one must pass.
      seen.forget(signed.key().id(), signed.nonce());
    }
    return answer;
  }

  /** Burns a nonce that no feature has burnt; a request that was there before is refused. */
  private HttpAnswer burn(
      @Nullable NonceUse nonce, HttpAnswer answer, Function<Throwable, HttpAnswer> error) {
    if (nonce == null || nonce.settled()) {
      return answer;
    }
    try {
      return burner.burn(nonce) ? answer : error.apply(nonceUsed());
    } catch (NotWrittenException | RuntimeException failure) {
      return error.apply(failure);
    }
  }

  private static ApiException nonceUsed() {
    return new ApiException(
        ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
  }
}
