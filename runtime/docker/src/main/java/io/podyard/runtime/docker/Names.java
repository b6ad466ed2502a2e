package io.podyard.runtime.docker;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.pod.ContainerName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and labels of what Podyard makes in an engine. */
final class Names {

  static final String INSTALLATION = "io.podyard.installation";
  static final String GROUP = "io.podyard.group";
  static final String ACCOUNT = "io.podyard.account";
  static final String ROLE = "io.podyard.role";
  static final String CONTAINER = "io.podyard.container";
  static final String ATTEMPT = "io.podyard.attempt";
  static final String EPOCH = "io.podyard.epoch";
  static final String VSWITCH = "io.podyard.vswitch";

  /** Of the network of a vSwitch with addresses of its own, and of what is in it. */
  static final String SUBNET = "io.podyard.subnet";

  /** What a volume is; see {@link VolumeKind}. */
  static final String VOLUME = "io.podyard.volume";

  /** Where a container says why it ended. */
  static final String MESSAGE = "io.podyard.message";

  /** Of the mark of a disk: which one. */
  static final String DISK = "io.podyard.disk";

  /** The digest of the content of a data cache, of whatever holds or mounts it. */
  static final String DATA = "io.podyard.data";

  /** The data cache that a mark is of. */
  static final String CACHE = "io.podyard.data-cache";

  static final String DATA_BYTES = "io.podyard.data-bytes";
  static final String DATA_ENTRIES = "io.podyard.data-entries";

  /** Whether the end of its log stands for an empty message. */
  static final String MESSAGE_LOGS = "io.podyard.message-logs";

  static final String ROLE_SANDBOX = "sandbox";
  static final String ROLE_CONTAINER = "container";
  static final String ROLE_VOLUME = "volume";
  static final String ROLE_NETWORK = "network";

  /** Of a volume without content that says that the host has a disk. */
  static final String ROLE_DISK = "disk";

  /** Of a volume with the content of data caches. */
  static final String ROLE_DATA = "data";

  /** Of a volume without content that says that the host holds a data cache. */
  static final String ROLE_HELD_DATA = "held-data";

  /** Of a container that holds volumes which the sandbox was made without. */
  static final String ROLE_KEEPER = "keeper";

  /** Of a container that does something short for its group: ends a command, empties a volume. */
  static final String ROLE_END = "end";

  private Names() {}

  static String sandbox(InstallationId installation, ContainerGroupId group) {
    return installation + "-" + group + "-sandbox";
  }

  /**
   * @param vSwitch null for the groups of the account that are in none; before there were networks
   *     of vSwitches all its groups were in that one
   * @param subnet null if the host chooses its addresses; those of one vSwitch are apart from those
   *     that chose
   */
  static String network(
      InstallationId installation,
      AccountId account,
      @Nullable VSwitchId vSwitch,
      @Nullable String subnet) {
    String start = installation + "-" + account + "-";
    // Ids may hold '-', so without the hash two pairs of them could have one name.
    return vSwitch == null
        ? start + "network"
        : start
            + vSwitch
            + "-"
            + hash(
                installation
                    + "\n"
                    + account
                    + "\n"
                    + vSwitch
                    + (subnet == null ? "" : "\n" + subnet));
  }

  /**
   * @param subPath empty for the whole volume
   */
  static String volume(
      InstallationId installation, ContainerGroupId group, String volume, String subPath) {
    String safe = volume.replaceAll("[^A-Za-z0-9_.-]", "_");
    String name = installation + "-" + group + "-volume-" + safe;
    return safe.equals(volume) && subPath.isEmpty()
        ? name
        : name + "-" + hash(volume + "\n" + subPath);
  }

  /** Of the mark of a disk. */
  static String disk(InstallationId installation, String disk) {
    return installation + "-disk-" + disk;
  }

  /** Of the content of data caches. */
  static String data(InstallationId installation, String digest) {
    return installation + "-data-" + hash(digest);
  }

  /** Of the mark of a data cache. */
  static String heldData(InstallationId installation, String cache) {
    return installation + "-held-data-" + cache;
  }

  /** Of the messages that the containers of a group leave. */
  static String messages(InstallationId installation, ContainerGroupId group) {
    return installation + "-" + group + "-messages";
  }

  /**
   * @param content what it holds, in words
   */
  static String keeper(InstallationId installation, ContainerGroupId group, String content) {
    return installation + "-" + group + "-keeper-" + hash(content);
  }

  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static Map<String, String> ofGroup(InstallationId installation, ContainerGroupId group) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(INSTALLATION, installation.value());
    labels.put(GROUP, group.value());
    return labels;
  }

  static Map<String, String> labels(
      InstallationId installation, ContainerGroupId group, AccountId account, long epoch) {
    Map<String, String> labels = ofGroup(installation, group);
    labels.put(ACCOUNT, account.value());
    labels.put(EPOCH, Long.toString(epoch));
    return labels;
  }

  static Map<String, String> labels(ContainerName name, AccountId account, long epoch) {
    Map<String, String> labels = labels(name.installation(), name.group(), account, epoch);
    labels.put(ROLE, ROLE_CONTAINER);
    labels.put(CONTAINER, name.container());
    labels.put(ATTEMPT, Integer.toString(name.attempt()));
    return labels;
  }

  /** The attempt that labels name; null if they name none. */
  static @Nullable ContainerName container(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return null;
    }
    String installation = labels.get(INSTALLATION);
    String group = labels.get(GROUP);
    String container = labels.get(CONTAINER);
    String attempt = labels.get(ATTEMPT);
    if (installation == null || group == null || container == null || attempt == null) {
      return null;
    }
    return new ContainerName(
        new InstallationId(installation),
        new ContainerGroupId(group),
        container,
        Integer.parseInt(attempt));
  }

  /**
   * Whether something of this name is what we would make, aside from the epoch, the account, and
   * what a predecessor of this version did not tell.
   */
  static boolean same(Map<String, String> wanted, Map<String, String> found) {
    return wanted.entrySet().stream()
        .filter(e -> !List.of(EPOCH, ACCOUNT, VSWITCH, MESSAGE, MESSAGE_LOGS).contains(e.getKey()))
        .allMatch(e -> e.getValue().equals(found.get(e.getKey())));
  }
}
