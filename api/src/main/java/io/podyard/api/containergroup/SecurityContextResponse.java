package io.podyard.api.containergroup;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a container may do. */
public record SecurityContextResponse(
    @Nullable Capability capability,
    @Nullable Boolean readOnlyRootFilesystem,
    @Nullable Long runAsUser) {

  /** Kernel capabilities beyond the default ones. */
  public record Capability(List<String> adds) {
    public Capability {
      adds = WireLists.orEmpty(adds);
    }
  }
}
