package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One cache after the other, each call repeated until it is answered. What a cache says of itself
 * is believed only where the host agrees.
 */
abstract class CacheLife {

  static final Duration LONGEST = Duration.ofMinutes(3);

  private final Inspection inspection;
  private final String table;
  private int number;
  private String cache = "";

  /**
   * @param table of caches; that of their copies is called after it
   */
  CacheLife(Inspection inspection, String table) {
    this.inspection = inspection;
    this.table = table;
  }

  /** Asks for one, and answers its id. */
  abstract String make(int number);

  /** Asks for other content. */
  abstract void change(int number, String cache);

  /** Asks for its end. */
  abstract void remove(int number, String cache);

  /** Whether a revision of it can be used, as it tells itself. */
  abstract boolean isReady(String cache, int revision);

  /** What hosts hold for such caches; none says such a thing while one is silent. */
  abstract boolean isHeld(Inspection hosts, Predicate<Set<String>> such);

  final void create() {
    number++;
    cache = make(number);
    awaitHeld(1);
  }

  final void update() {
    change(number, cache);
    awaitHeld(2);
  }

  final void delete() {
    remove(number, cache);
    Waiting.until(cache + " is gone", LONGEST, () -> count(table) == 0);
    assertThat(count(table + "_copy where cleared_at is null")).isZero();
    Waiting.until("hosts hold none", LONGEST, () -> isHeld(inspection, Set::isEmpty));
    cache = "";
  }

  /** Whether there is one. */
  final boolean has() {
    return !cache.isEmpty();
  }

  private int count(String rows) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select count(*) from " + rows, Integer.class));
  }

  /** It is ready, and that is true: the host holds it. */
  private void awaitHeld(int revision) {
    String key = cache + "." + revision;
    Waiting.until(key + " is ready", LONGEST, () -> isReady(cache, revision));
    Waiting.until(
        "the host tells what it holds",
        LONGEST,
        () ->
            isHeld(
                inspection,
                held -> {
                  assertThat(held).contains(key);
                  return true;
                }));
  }
}
