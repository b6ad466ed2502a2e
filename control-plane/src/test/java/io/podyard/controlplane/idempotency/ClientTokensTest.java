package io.podyard.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientTokensTest {

  private TestDatabase database;
  private ClientTokens tokens;
  private RequestNonces nonces;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    tokens = new ClientTokens(database.jdbc());
    nonces = new RequestNonces(database.jdbc());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void twoEqualClaimsInOneBatchAreOneEffect() {
    assertThat(claim(claim("t", "f", "one"), claim("t", "f", "two"), claim("t", "other", "three")))
        .containsExactly(
            new TokenClaim.Outcome.Granted(),
            new TokenClaim.Outcome.Replay("one"),
            new TokenClaim.Outcome.Mismatch());
  }

  @Test
  void aLaterClaimIsAReplayOrAMismatchAndNoClaimIsGranted() {
    claim(claim("t", "f", "one"));
    assertThat(claim(claim("t", "f", "two"), null, claim("t", "g", "three")))
        .containsExactly(
            new TokenClaim.Outcome.Replay("one"),
            new TokenClaim.Outcome.Granted(),
            new TokenClaim.Outcome.Mismatch());
  }

  @Test
  void concurrentBatchesOfTheSameTokensGrantEachOnce() throws Exception {
    List<Future<List<TokenClaim.Outcome>>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int t = 0; t < 6; t++) {
        String owner = "owner-" + t;
        boolean backwards = t % 2 == 0;
        results.add(
            threads.submit(
                () -> {
                  List<TokenClaim> claims = new ArrayList<>();
                  for (int i = 0; i < 50; i++) {
                    claims.add(claim("t" + i, "f", owner));
                  }
                  return claimAtLast(backwards ? claims.reversed() : claims);
                }));
      }
    }
    int granted = 0;
    for (Future<List<TokenClaim.Outcome>> result : results) {
      granted +=
          (int) result.get().stream().filter(TokenClaim.Outcome.Granted.class::isInstance).count();
    }
    assertThat(granted).isEqualTo(50);
  }

  @Test
  void whoeverComesBehindOneThatDoesNotEndIsToldSo() throws Exception {
    CountDownLatch claimed = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<?> first =
          threads.submit(
              () ->
                  database
                      .transaction()
                      .executeWithoutResult(
                          status -> {
                            tokens.claim(List.of(claim("t", "f", "one")));
                            claimed.countDown();
                            await(over);
                          }));
      try {
        await(claimed);
        long asked = System.nanoTime();
        assertThatThrownBy(() -> claim(claim("t", "f", "two")))
            .isInstanceOf(ApiException.class)
            .extracting(failure -> ((ApiException) failure).code())
            .isEqualTo(ErrorCode.LAST_TOKEN_PROCESSING);
        assertThat(Duration.ofNanos(System.nanoTime() - asked))
            .isGreaterThanOrEqualTo(ClientTokens.WAIT_ALONE);
        // With others it is the same; and what is claimed beside it was not.
        assertThatThrownBy(() -> claim(claim("s", "f", "other"), claim("t", "f", "two")))
            .isInstanceOf(ApiException.class);
        assertThat(tokens.find(claim("s", "f", "other"))).isEmpty();
      } finally {
        over.countDown();
      }
      first.get();
    }
    assertThat(claim(claim("t", "f", "two"))).containsExactly(new TokenClaim.Outcome.Replay("one"));
  }

  @Test
  void theTimeForALockIsLimitedForTheClaimAlone() {
    database
        .transaction()
        .executeWithoutResult(
            status -> {
              tokens.claim(List.of(claim("t", "f", "one")));
              String limit = database.jdbc().queryForObject("show lock_timeout", String.class);
              assertThat(limit).isEqualTo("0");
            });
  }

  @Test
  void aTokenWhoseHolderVanishesMeanwhileIsClaimedAgain() {
    claim(claim("old", "other", "first"), claim("kept", "f", "second"));
    // Housekeeping in another transaction, at the one moment between the two statements.
    database
        .jdbc()
        .execute(
            """
            create function vanish() returns trigger language plpgsql as $$
            begin
              delete from client_token where token = 'old' and fingerprint = 'other';
              return null;
            end
            $$;
            create trigger vanish after insert on client_token
              for each statement execute function vanish()
            """);
    assertThat(
            claim(claim("old", "f", "again"), claim("kept", "f", "third"), claim("new", "f", "n")))
        .containsExactly(
            new TokenClaim.Outcome.Granted(),
            new TokenClaim.Outcome.Replay("second"),
            new TokenClaim.Outcome.Granted());
    assertThat(tokens.find(claim("old", "f", "x")))
        .contains(new TokenClaim.Outcome.Replay("again"));
  }

  /** As the batch writer and clients do where the machine is too busy for the others to end. */
  private List<TokenClaim.Outcome> claimAtLast(List<TokenClaim> claims) {
    AtomicReference<List<TokenClaim.Outcome>> outcomes = new AtomicReference<>(List.of());
    Waiting.until(
        "the claims of others",
        () -> {
          try {
            outcomes.set(claim(claims.toArray(TokenClaim[]::new)));
            return true;
          } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.LAST_TOKEN_PROCESSING);
            return false;
          }
        });
    return outcomes.get();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("nobody went on");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNonceIsFreshOnceAlsoInsideOneBatch() {
    NonceUse one = new NonceUse(new AccessKeyId("key"), "n");
    NonceUse again = new NonceUse(new AccessKeyId("key"), "n");
    NonceUse otherKey = new NonceUse(new AccessKeyId("other"), "n");
    assertThat(nonces.burn(Arrays.asList(one, again, null, otherKey)))
        .containsExactly(true, false, true, true);
    assertThat(nonces.burn(List.of(again))).containsExactly(false);
  }

  private static TokenClaim claim(String token, String fingerprint, String resource) {
    return new TokenClaim(
        new AccountId("acct"), new RegionId("r"), "Create", token, fingerprint, resource);
  }

  private List<TokenClaim.Outcome> claim(@Nullable TokenClaim... claims) {
    return Objects.requireNonNull(
        database.transaction().execute(status -> tokens.claim(Arrays.asList(claims))));
  }
}
