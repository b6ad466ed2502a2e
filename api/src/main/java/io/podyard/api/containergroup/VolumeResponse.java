package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One volume of a group, with flat keys as the contract has them (section 2.2). */
public record VolumeResponse(
    List<ConfigFileToPath> configFileVolumeConfigFileToPaths,
    @Nullable String diskVolumeDiskId,
    @Nullable String diskVolumeFsType,
    @Nullable String emptyDirVolumeMedium,
    @Nullable String emptyDirVolumeSizeLimit,
    @Nullable String flexVolumeDriver,
    @Nullable String flexVolumeFsType,
    @Nullable String flexVolumeOptions,
    @WireName("NFSVolumePath") @Nullable String nfsVolumePath,
    @WireName("NFSVolumeReadOnly") @Nullable Boolean nfsVolumeReadOnly,
    @WireName("NFSVolumeServer") @Nullable String nfsVolumeServer,
    @Answered @Nullable String name,
    @Answered @Nullable String type) {
  public VolumeResponse {
    configFileVolumeConfigFileToPaths = WireLists.orEmpty(configFileVolumeConfigFileToPaths);
  }

  /**
   * One file.
   *
   * @param content Base64
   */
  public record ConfigFileToPath(@Nullable String content, @Nullable String path) {

    /** Never shows the content: it may be a secret. */
    @Override
    public String toString() {
      return "ConfigFileToPath["
          + "content="
          + (content == null ? "null" : "***")
          + ", "
          + "path="
          + path
          + "]";
    }
  }
}
