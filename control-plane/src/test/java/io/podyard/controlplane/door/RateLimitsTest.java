package io.podyard.controlplane.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.settings.RateLimit;
import io.podyard.model.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

  private static final String CREATE = "CreateContainerGroup";
  private static final AccountId ONE = new AccountId("acct-one");
  private static final AccountId OTHER = new AccountId("acct-other");

  private final SteppedTime time = new SteppedTime(Instant.EPOCH);

  private RateLimits limits(Map<String, RateLimit> limits) {
    return new RateLimits(limits, time.ticker());
  }

  private static RateLimit contract() {
    return new RateLimit(100, 20, Duration.ofSeconds(1));
  }

  private static HttpAnswer call(RateLimits limits, AccountId account, String operation) {
    return limits.answer(
        account,
        operation,
        () -> new HttpAnswer(200, Map.of(), "done"),
        failure ->
            new HttpAnswer(400, Map.of("Kept", "yes"), ((ApiException) failure).code().code()));
  }

  private static int passing(RateLimits limits, AccountId account, String operation, int calls) {
    int passed = 0;
    for (int i = 0; i < calls; i++) {
      passed += call(limits, account, operation).status() == 200 ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aBurstPassesAndThenWhatIsRefilled() {
    RateLimits limits = limits(Map.of(CREATE, contract()));
    assertThat(passing(limits, ONE, CREATE, 300)).isEqualTo(100);
    time.advance(Duration.ofMillis(500));
    assertThat(passing(limits, ONE, CREATE, 300)).isEqualTo(10);
    time.advance(Duration.ofHours(1));
    assertThat(passing(limits, ONE, CREATE, 300)).isEqualTo(100);
  }

  @Test
  void everyAccountAndEveryOperationHasABucketOfItsOwn() {
    RateLimits limits = limits(Map.of(CREATE, contract(), "deletecontainergroup", contract()));
    assertThat(passing(limits, ONE, CREATE, 101)).isEqualTo(100);
    assertThat(passing(limits, OTHER, CREATE, 101)).isEqualTo(100);
    assertThat(passing(limits, ONE, "DeleteContainerGroup", 101)).isEqualTo(100);
    assertThat(passing(limits, ONE, "DescribeContainerGroups", 500)).isEqualTo(500);
  }

  @Test
  void aRefusalSaysWhenToComeBackAndThenItWorks() {
    RateLimits limits = limits(Map.of(CREATE, new RateLimit(1, 3, Duration.ofSeconds(10))));
    assertThat(call(limits, ONE, CREATE).status()).isEqualTo(200);
    HttpAnswer refused = call(limits, ONE, CREATE);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).isEqualTo("Throttling");
    assertThat(refused.headers())
        .containsEntry("Kept", "yes")
        .containsEntry("Retry-After", "4")
        .containsEntry("X-RateLimit-User-API", "Limit:1,Remain:0,TimeLeft:3334");
    time.advance(Duration.ofMillis(3333));
    assertThat(call(limits, ONE, CREATE).headers()).containsEntry("Retry-After", "1");
    time.advance(Duration.ofMillis(1));
    assertThat(call(limits, ONE, CREATE).status()).isEqualTo(200);
  }

  @Test
  void bucketsThatAreFullAgainAreForgotten() {
    RateLimits limits = limits(Map.of(CREATE, contract()));
    for (int i = 0; i < 1000; i++) {
      call(limits, new AccountId("acct-" + i), CREATE);
    }
    assertThat(limits.kept()).isEqualTo(1000);
    time.advance(contract().timeToFill());
    assertThat(limits.kept()).isEqualTo(1000);
    time.advance(Duration.ofSeconds(2));
    assertThat(limits.kept()).isZero();
  }

  @Test
  void nothingIsLimitedUnlessItIsSaid() {
    RateLimits limits = limits(Map.of());
    assertThat(passing(limits, ONE, CREATE, 10_000)).isEqualTo(10_000);
    assertThat(limits.kept()).isZero();
  }

  @Test
  void aLimitForAMisspelledOperationIsRefused() {
    RateLimits limits = limits(Map.of("createContainerGroups", contract()));
    assertThatThrownBy(() -> limits.requireAmong(List.of(CREATE, "ListHosts")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("createContainerGroups", CREATE, "ListHosts");
    limits(Map.of("createcontainergroup", contract())).requireAmong(List.of(CREATE));
  }
}
