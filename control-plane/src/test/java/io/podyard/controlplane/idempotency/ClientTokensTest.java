package io.podyard.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
                  return claim((backwards ? claims.reversed() : claims).toArray(TokenClaim[]::new));
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
