package io.podyard.api.containergroup;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container may do.
 *
 * @param readOnlyRootFilesystem only true
 * @param runAsUser a numeric user id
 */
public record SecurityContextRequest(
    @Nullable Capability capability,
    @Nullable Boolean readOnlyRootFilesystem,
    @Nullable Long runAsUser) {

  /**
   * Kernel capabilities beyond the default ones.
   *
   * @param add {@code NET_ADMIN} and {@code NET_RAW}
   */
  public record Capability(@MaxItems(100) List<String> add) {
    public Capability {
      add = WireLists.orEmpty(add);
    }
  }
}
