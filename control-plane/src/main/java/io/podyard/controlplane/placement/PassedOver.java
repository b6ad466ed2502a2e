package io.podyard.controlplane.placement;

import io.podyard.model.HostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Hosts that did not answer a call just now: new groups go elsewhere until they answer. It is no
 * state of a host and stands in no row: one lost call is no reason to write, to fail a group or to
 * raise an alarm, only not to place anything there. A host that goes on being silent is unreachable
 * by its row after some seconds.
 */
public final class PassedOver {

  /**
   * How long the word of another process holds: by then the host answers or its row says that it
   * does not, and whoever said so may have died meanwhile.
   */
  static final Duration WORD_HOLDS = Duration.ofSeconds(10);

  private static final char SILENT = '-';
  private static final char ANSWERS = '+';

  private final LongSupplier nanoTime;
  private final Consumer<HostId> changed;

  /** Those that this process called itself. */
  private final Set<HostId> called = ConcurrentHashMap.newKeySet();

  /** Those that another process called, and until when that counts, by {@code nanoTime}. */
  private final Map<HostId, Long> heard = new ConcurrentHashMap<>();

  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param changed told of a host after what {@link #contains} says of it may have changed
   */
  PassedOver(LongSupplier nanoTime, Consumer<HostId> changed) {
    this.nanoTime = nanoTime;
    this.changed = changed;
  }

  boolean contains(HostId host) {
    return called.contains(host) || heard.containsKey(host);
  }

  /**
   * To be told what other processes should {@link #heard hear}, without a comma; it is said by
   * whoever called the host and should not be held up.
   */
  public void addListener(Consumer<String> listener) {
    listeners.add(listener);
  }

  /**
   * A call to a host that this process drives was not answered.
   *
   * @return whether it was the first
   */
  public boolean silent(HostId host) {
    if (!called.add(host)) {
      return false;
    }
    changed.accept(host);
    tell(SILENT, host);
    return true;
  }

  /**
   * A host answered a call of this process.
   *
   * @return whether it was passed over
   */
  public boolean answers(HostId host) {
    boolean own = called.remove(host);
    boolean others = heard.remove(host) != null;
    if (!own && !others) {
      return false;
    }
    changed.accept(host);
    tell(ANSWERS, host);
    return true;
  }

  /**
   * Of those that this process called it goes on knowing only what it drives: nobody here would
   * hear the answer of another.
   *
   * @return whether any are forgotten
   */
  public boolean keepOnly(Predicate<HostId> driven) {
    boolean any = false;
    for (HostId host : called) {
      if (!driven.test(host) && called.remove(host)) {
        changed.accept(host);
        any = true;
      }
    }
    return any;
  }

  private void tell(char what, HostId host) {
    String word = what + host.value();
    listeners.forEach(listener -> listener.accept(word));
  }

  /**
   * Other processes have said this. Words that are not understood are left aside.
   *
   * @return whether a host takes groups again
   */
  public boolean heard(Collection<String> words) {
    boolean again = false;
    // In no order: one that is said to do both answers.
    for (String word : words) {
      if (says(word, SILENT)) {
        HostId host = host(word);
        heard.put(host, nanoTime.getAsLong() + WORD_HOLDS.toNanos());
        changed.accept(host);
      }
    }
    for (String word : words) {
      if (says(word, ANSWERS)) {
        HostId host = host(word);
        if (heard.remove(host) != null) {
          changed.accept(host);
          again = true;
        }
      }
    }
    return again;
  }

  private static boolean says(String word, char what) {
    return word.length() > 1 && word.charAt(0) == what;
  }

  private static HostId host(String word) {
    return new HostId(word.substring(1));
  }

  /** Forgets what others have said too long ago. */
  void expire() {
    long now = nanoTime.getAsLong();
    List<HostId> over = new ArrayList<>();
    heard.forEach(
        (host, until) -> {
          if (now - until >= 0 && heard.remove(host, until)) {
            over.add(host);
          }
        });
    over.forEach(changed);
  }
}
