package io.podyard.controlplane.cache;

import io.podyard.controlplane.hosttask.HostTask;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.SpreadWait;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a host is to hold of a cache, or to let go.
 *
 * @param tries how often it was tried in vain
 * @param isOver whether it is to be let go
 */
public record CacheCopy(
    String id, String cache, int revision, HostId host, int shard, int tries, boolean isOver)
    implements HostTask {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Whoever asks for more is asked sooner: while a cache is made it is charged for. */
  private static final Duration LONGEST_WISH = Duration.ofMinutes(30);

  /** By which hosts hold a revision of a cache. */
  public static String key(String cache, int revision) {
    return cache + "." + revision;
  }

  /** The id of what a host holds of a revision. */
  public static String id(String key, String host) {
    return key + "@" + host;
  }

  /** The key of a copy. */
  static String keyOf(String id) {
    return id.substring(0, id.indexOf('@'));
  }

  @Override
  public @Nullable ContainerGroupId group() {
    return null;
  }

  /** By which the host holds it. */
  public String key() {
    return key(cache, revision);
  }

  /**
   * How long it rests after one more try in vain: twice as long each time, up to a few minutes, and
   * as long as whoever was asked wants at least, up to half an hour; then each copy a little longer
   * than that, so that not all of them ask again at once.
   *
   * @param wantedSeconds 0 if nothing is wanted
   */
  public Duration pause(long wantedSeconds) {
    Duration ours = shorter(FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10)), LONGEST_PAUSE);
    Duration wish = shorter(Duration.ofSeconds(Math.max(0, wantedSeconds)), LONGEST_WISH);
    return wish.isZero()
        ? ours
        : SpreadWait.of(ours.compareTo(wish) < 0 ? wish : ours, id + " " + tries);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
