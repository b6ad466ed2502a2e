package io.podyard.api.containergroup;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kernel parameters of a group. */
public record GroupSecurityContextRequest(@MaxItems(101) List<Sysctl> sysctl) {
  public GroupSecurityContextRequest {
    sysctl = WireLists.orEmpty(sysctl);
  }

  /**
   * One kernel parameter.
   *
   * @param name old Java SDKs send {@code Key}
   */
  public record Sysctl(
      @WireName(
              value = "Name",
              aliases = {"Key"})
          @Nullable String name,
      @Nullable String value) {}
}
