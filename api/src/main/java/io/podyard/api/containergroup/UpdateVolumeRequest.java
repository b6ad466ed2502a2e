package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One volume of a group that is changed (contract sections 10 and 12). */
public record UpdateVolumeRequest(
    @Nullable ConfigFileVolume configFileVolume,
    VolumeRequest.@Nullable EmptyDirVolume emptyDirVolume,
    VolumeRequest.@Nullable FlexVolume flexVolume,
    VolumeRequest.@Nullable HostPathVolume hostPathVolume,
    @WireName("NFSVolume") VolumeRequest.@Nullable NfsVolume nfsVolume,
    @Nullable String name,
    @Nullable String type) {

  /**
   * One file.
   *
   * @param content Base64, at most 32 KiB decoded
   * @param mode the digits of an octal mode; sent by old Java SDKs only
   * @param path relative
   */
  public record ConfigFileToPath(
      @FreeText @Nullable String content, @Nullable Integer mode, @Nullable String path) {

    /** Never shows the content: it may be a secret. */
    @Override
    public String toString() {
      return "ConfigFileToPath["
          + "content="
          + (content == null ? "null" : "***")
          + ", "
          + "mode="
          + mode
          + ", "
          + "path="
          + path
          + "]";
    }
  }

  /**
   * Files whose contents travel in the request.
   *
   * @param defaultMode the digits of an octal mode; sent by old Java SDKs only
   */
  public record ConfigFileVolume(
      @MaxItems(16) List<ConfigFileToPath> configFileToPath,
      @WireName(value = "DefaultMode", aliases = "DefaultModel") @Nullable Integer defaultMode) {
    public ConfigFileVolume {
      configFileToPath = WireLists.orEmpty(configFileToPath);
    }
  }
}
