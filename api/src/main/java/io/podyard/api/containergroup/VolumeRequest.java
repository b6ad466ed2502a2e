package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One volume of a group (contract section 10): a name, a type and the part that belongs to the
 * type.
 *
 * @param type {@code EmptyDirVolume}, {@code ConfigFileVolume} and others
 */
public record VolumeRequest(
    @Nullable ConfigFileVolume configFileVolume,
    @Nullable DiskVolume diskVolume,
    @WireName(
            value = "EmptyDirVolume",
            flattened = {"SizeLimit"})
        @Nullable EmptyDirVolume emptyDirVolume,
    @Nullable FlexVolume flexVolume,
    @Nullable HostPathVolume hostPathVolume,
    @WireName("NFSVolume") @Nullable NfsVolume nfsVolume,
    @Nullable String name,
    @Nullable String type) {

  /**
   * An empty directory that lives as long as the group.
   *
   * @param medium null for the host's storage, {@code Memory} for RAM
   * @param sizeLimit for example {@code 256Mi}, or null for no limit of its own
   */
  public static VolumeRequest emptyDir(
      String name, @Nullable String medium, @Nullable String sizeLimit) {
    return new VolumeRequest(
        null,
        null,
        new EmptyDirVolume(medium, sizeLimit),
        null,
        null,
        null,
        name,
        "EmptyDirVolume");
  }

  /**
   * Files whose contents travel in the request.
   *
   * @param defaultMode the digits of an octal mode, or null
   */
  public static VolumeRequest configFile(
      String name, @Nullable Integer defaultMode, List<ConfigFileToPath> files) {
    return new VolumeRequest(
        new ConfigFileVolume(files, defaultMode),
        null,
        null,
        null,
        null,
        null,
        name,
        "ConfigFileVolume");
  }

  /**
   * One file.
   *
   * @param content Base64, at most 32 KiB decoded
   * @param mode the digits of an octal mode
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
   * @param defaultMode the digits of an octal mode: 644 and 0644 both mean {@code rw-r--r--}
   */
  public record ConfigFileVolume(
      @MaxItems(90) List<ConfigFileToPath> configFileToPath,
      @WireName(
              value = "DefaultMode",
              aliases = {"DefaultModel"})
          @Nullable Integer defaultMode) {
    public ConfigFileVolume {
      configFileToPath = WireLists.orEmpty(configFileToPath);
    }
  }

  /**
   * A disk, one that there is or a new one.
   *
   * @param diskId of a disk that there is
   * @param diskSize of a new one, 20 to 32768 GiB
   * @param fsType {@code ext4}
   */
  public record DiskVolume(
      @Nullable String diskId, @Nullable Integer diskSize, @Nullable String fsType) {}

  /**
   * An empty directory that lives as long as the group.
   *
   * @param medium absent for the storage of the host, {@code Memory} for RAM
   * @param sizeLimit for example {@code 256Mi}
   */
  public record EmptyDirVolume(@Nullable String medium, @Nullable String sizeLimit) {}

  /**
   * A volume by driver.
   *
   * @param options a JSON object
   */
  public record FlexVolume(
      @Nullable String driver, @Nullable String fsType, @Nullable String options) {

    /** Never shows the options: they may hold a key. */
    @Override
    public String toString() {
      return "FlexVolume["
          + "driver="
          + driver
          + ", "
          + "fsType="
          + fsType
          + ", "
          + "options="
          + (options == null ? "null" : "***")
          + "]";
    }
  }

  /** A path of the host. */
  public record HostPathVolume(@Nullable String path, @Nullable String type) {}

  /** A directory of an NFS server. */
  public record NfsVolume(
      @Nullable String path, @Nullable Boolean readOnly, @Nullable String server) {}
}
