package io.podyard.controlplane.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.settings.RateLimit;
import io.podyard.model.AccountId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How often each account may call each operation (contract section 7), through whichever door. Each
 * process counts for itself: behind a load balancer an account has as many buckets as there are
 * processes.
 */
public final class RateLimits {

  /**
   * Where SDKs of ECI look for the time until they may try again, in milliseconds under the name
   * TimeLeft; they do not know Retry-After.
   */
  private static final String FOR_SDKS = "X-RateLimit-User-API";

  private record Key(AccountId account, String operation) {}

  private final Map<String, RateLimit> limits = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Cache<Key, Bucket> buckets;
  private final TimeMeter time;

  /**
   * @param limits by the names of operations, in any case
   */
  public RateLimits(Map<String, RateLimit> limits, Ticker ticker) {
    this.limits.putAll(limits);
    this.time =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return ticker.read();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        };
    // A bucket nobody took from for so long is full, so it is the same as a new one.
    Duration longest =
        limits.values().stream()
            .map(RateLimit::timeToFill)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    this.buckets =
        Caffeine.newBuilder().expireAfterAccess(longest.plusSeconds(1)).ticker(ticker).build();
  }

  /**
   * Makes sure that no limit is set for an operation that is misspelled.
   *
   * @throws IllegalArgumentException if one is for an operation that is not among these
   */
  public void requireAmong(Collection<String> operations) {
    TreeSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(operations);
    for (String name : limits.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "podyard.rate-limits has a limit for %s, which is none of %s".formatted(name, known));
      }
    }
  }

  /**
   * Answers a call if the account has not called the operation too often.
   *
   * @param work answers it
   * @param error writes an error answer
   */
  public HttpAnswer answer(
      AccountId account,
      String operation,
      Supplier<HttpAnswer> work,
      Function<Throwable, HttpAnswer> error) {
    RateLimit limit = limits.get(operation);
    if (limit == null) {
      return work.get();
    }
    ConsumptionProbe probe = bucket(account, operation, limit).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? work.get()
        : refusal(operation, limit, Duration.ofNanos(probe.getNanosToWaitForRefill()), error);
  }

  private Bucket bucket(AccountId account, String operation, RateLimit limit) {
    return buckets.get(
        new Key(account, operation),
        key ->
            Bucket.builder()
                .addLimit(
                    tokens ->
                        tokens.capacity(limit.burst()).refillGreedy(limit.refill(), limit.per()))
                .withCustomTimePrecision(time)
                .build());
  }

  private static HttpAnswer refusal(
      String operation, RateLimit limit, Duration wait, Function<Throwable, HttpAnswer> error) {
    // Rounded up: whoever comes back a moment too early is refused again.
    long millis = wait.plusNanos(999_999).toMillis();
    HttpAnswer answer =
        error.apply(
            new ApiException(
                ErrorCode.THROTTLING,
                "%s is called too often: an account has %d calls at once and %d in %s; try in %d ms."
                    .formatted(
                        operation, limit.burst(), limit.refill(), shown(limit.per()), millis)));
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    headers.put("Retry-After", Long.toString(wait.plusNanos(999_999_999).toSeconds()));
    headers.put(FOR_SDKS, "Limit:%d,Remain:0,TimeLeft:%d".formatted(limit.burst(), millis));
    return new HttpAnswer(answer.status(), headers, answer.body());
  }

  private static String shown(Duration period) {
    return period.toMillis() % 1000 == 0 ? period.toSeconds() + " s" : period.toMillis() + " ms";
  }

  /** How many buckets are kept. */
  long kept() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }
}
