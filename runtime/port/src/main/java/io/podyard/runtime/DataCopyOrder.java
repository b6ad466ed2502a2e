package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import org.jspecify.annotations.Nullable;

/**
 * What a host is to hold for a data cache.
 *
 * @param cache the key by which the host knows what it holds: letters, digits, {@code .} and {@code
 *     -}, at most 60, never used for other data again
 * @param source where the data is read if it is not known yet or kept nowhere
 * @param known what another host holds of it; null if none does
 * @param mostBytes of all files
 */
public record DataCopyOrder(
    InstallationId installation,
    HostId host,
    String cache,
    DataSource source,
    @Nullable HeldData known,
    long mostBytes) {

  private static final String KEY = "[A-Za-z0-9.-]{1,60}";

  /**
   * @throws IllegalArgumentException if the key is none
   */
  public DataCopyOrder {
    if (!cache.matches(KEY)) {
      throw new IllegalArgumentException("\"" + cache + "\" is no key of a data cache");
    }
  }
}
