package io.podyard.controlplane.idempotency;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import java.util.Collections;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Has an effect once for a request and its token, in one transaction with both. */
@Component
public class OnceForRequest {

  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final TransactionTemplate transaction;

  public OnceForRequest(
      RequestNonces nonces, ClientTokens tokens, TransactionTemplate transaction) {
    this.nonces = nonces;
    this.tokens = tokens;
    this.transaction = transaction;
  }

  /**
   * Returns when the effect is durable.
   *
   * @param nonce of the request, null if it has none
   * @param token null if it has none
   * @return what the effect returned, now or for an earlier request of the same token
   * @throws ApiException if the nonce was used, the token stands for another request, or the effect
   *     throws one; then nothing was done
   */
  public String have(
      @Nullable NonceUse nonce, @Nullable TokenClaim token, Supplier<String> effect) {
    String answer =
        transaction.execute(
            _ -> {
              if (!nonces.burn(Collections.singletonList(nonce)).getFirst()) {
                throw new ApiException(
                    ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
              }
              return switch (tokens.claim(Collections.singletonList(token)).getFirst()) {
                case TokenClaim.Outcome.Granted _ -> effect.get();
                case TokenClaim.Outcome.Replay(String first) -> first;
                case TokenClaim.Outcome.Mismatch _ ->
                    throw new ApiException(
                        ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
                        "ClientToken was used for a request with other parameters.");
              };
            });
    if (nonce != null) {
      nonce.settle();
    }
    return Objects.requireNonNull(answer);
  }
}
