package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.VolumeSpec.HostPathKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The volumes of a group (contract section 10). */
final class VolumeRules {

  static final String EMPTY_DIR = "EmptyDirVolume";
  static final String CONFIG_FILE = "ConfigFileVolume";

  /** Contract section 7. */
  static final int MOST_VOLUMES = 20;

  /** The largest temporary storage of the contract, section 7. */
  private static final int MOST_GIB = 5000;

  static final String NFS = "NFSVolume";
  static final String FLEX = "FlexVolume";
  static final String HOST_PATH = "HostPathVolume";
  static final String DISK = "DiskVolume";

  private static final String TYPES =
      "EmptyDirVolume, ConfigFileVolume, NFSVolume, FlexVolume, DiskVolume or HostPathVolume";

  /** The contract shows {@code 256Mi} and, elsewhere, a plain number of GiB. */
  private static final Pattern SIZE_LIMIT =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(Mi|Gi)?");

  private final Findings findings;
  private final ConfigFileRules configFiles;
  private final NetworkVolumeRules network;
  private final DiskRules disks;
  private final Set<String> names = new HashSet<>();
  private boolean allNamed = true;

  VolumeRules(Findings findings) {
    this(findings, null);
  }

  /**
   * @param before the group that is to be changed, null of one that is to be created
   */
  VolumeRules(Findings findings, @Nullable GroupRecord before) {
    this.findings = findings;
    this.configFiles = new ConfigFileRules(findings);
    this.network = new NetworkVolumeRules(findings);
    this.disks = new DiskRules(findings, before);
  }

  /** How the disks that were read were asked for, by the names of their volumes. */
  Map<String, KeptDisk> disks() {
    return disks.kept();
  }

  List<VolumeSpec> read(List<VolumeRequest> asked) {
    if (asked.size() > MOST_VOLUMES) {
      findings.tooMany("Volume", asked.size(), MOST_VOLUMES);
    }
    List<VolumeSpec> volumes = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "Volume." + (i + 1);
      VolumeRequest volume = asked.get(i);
      String name = name(path + ".Name", volume.name());
      VolumeSpec spec = volume(path, name, volume);
      if (spec != null) {
        volumes.add(spec);
      }
    }
    return volumes;
  }

  /** The names read; null if one could not be, so that nobody can be told there is no such name. */
  @Nullable Set<String> names() {
    return allNamed ? names : null;
  }

  private String name(String parameter, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      allNamed = false;
      findings.missing(parameter);
      return "";
    }
    if (!names.add(name)) {
      findings.with(
          ErrorCode.INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
          parameter,
          name,
          "must be unique among the volumes of the group");
    } else if (!findings.tooLong(parameter, name, TextForms.LONGEST_LABEL)
        && !TextForms.isLabel(name)) {
      findings.invalid(
          parameter, name, "must be lower-case letters, digits and '-', with no '-' at an end");
    }
    return name;
  }

  private @Nullable VolumeSpec volume(String path, String name, VolumeRequest asked) {
    String type = asked.type();
    if (type == null || type.isEmpty()) {
      findings.missing(path + ".Type", "is required: " + TYPES);
      return null;
    }
    for (String part : partsOf(asked)) {
      if (!part.equals(type)) {
        findings.invalid(path + "." + part, null, "must be left out unless Type is " + part);
      }
    }
    String part = path + "." + type;
    return switch (type) {
      case EMPTY_DIR -> emptyDir(part, name, asked.emptyDirVolume());
      case CONFIG_FILE -> configFiles.read(part, name, asked.configFileVolume());
      case NFS -> network.nfs(part, name, asked.nfsVolume());
      case FLEX -> flex(part, name, asked.flexVolume());
      case DISK -> disks.disk(part, name, asked.diskVolume());
      case HOST_PATH -> hostPath(part, name, asked.hostPathVolume());
      default -> {
        findings.invalid(path + ".Type", type, "must be " + TYPES);
        yield null;
      }
    };
  }

  private @Nullable VolumeSpec flex(
      String path, String name, VolumeRequest.@Nullable FlexVolume asked) {
    return asked != null && DiskRules.DRIVER.equals(asked.driver())
        ? disks.flex(path, name, asked)
        : network.flex(path, name, asked);
  }

  /** Whether its operator allows the path is for {@link AllowedHostPaths} to say. */
  private @Nullable VolumeSpec hostPath(
      String path, String name, VolumeRequest.@Nullable HostPathVolume asked) {
    String where = asked == null ? null : asked.path();
    HostPathKind kind = kind(path + ".Type", asked == null ? null : asked.type());
    if (where == null || where.isEmpty()) {
      findings.missing(path + ".Path");
      return null;
    }
    if (findings.tooLong(path + ".Path", where, TextForms.LONGEST_PATH)) {
      return null;
    }
    if (!TextForms.isAbsolutePath(where)) {
      findings.invalid(
          path + ".Path", where, "must be an absolute path such as /srv/data, without '..'");
      return null;
    }
    return new VolumeSpec.HostPath(name, TextForms.normalized(where), kind);
  }

  private HostPathKind kind(String parameter, @Nullable String type) {
    return switch (type) {
      case null -> HostPathKind.DIRECTORY;
      case "", "Directory" -> HostPathKind.DIRECTORY;
      case "File" -> HostPathKind.FILE;
      default -> {
        findings.invalid(parameter, type, "must be Directory or File");
        yield HostPathKind.DIRECTORY;
      }
    };
  }

  /** The parts that say anything; an empty one comes from SDKs that always send it. */
  private static Set<String> partsOf(VolumeRequest asked) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    VolumeRequest.ConfigFileVolume files = asked.configFileVolume();
    given.put(
        CONFIG_FILE,
        files != null && !(files.configFileToPath().isEmpty() && files.defaultMode() == null));
    VolumeRequest.DiskVolume disk = asked.diskVolume();
    given.put(
        DISK,
        disk != null
            && !(disk.diskId() == null && disk.diskSize() == null && disk.fsType() == null));
    VolumeRequest.EmptyDirVolume folder = asked.emptyDirVolume();
    given.put(
        EMPTY_DIR, folder != null && !(folder.medium() == null && folder.sizeLimit() == null));
    VolumeRequest.FlexVolume flex = asked.flexVolume();
    given.put(
        FLEX,
        flex != null
            && !(flex.driver() == null && flex.fsType() == null && flex.options() == null));
    VolumeRequest.HostPathVolume hostPath = asked.hostPathVolume();
    given.put(HOST_PATH, hostPath != null && !(hostPath.path() == null && hostPath.type() == null));
    VolumeRequest.NfsVolume nfs = asked.nfsVolume();
    given.put(
        NFS,
        nfs != null && !(nfs.server() == null && nfs.path() == null && nfs.readOnly() == null));
    given.values().removeIf(said -> !said);
    return given.keySet();
  }

  private VolumeSpec emptyDir(
      String path, String name, VolumeRequest.@Nullable EmptyDirVolume asked) {
    if (asked == null) {
      return new VolumeSpec.EmptyDir(name, false, null);
    }
    return new VolumeSpec.EmptyDir(
        name,
        inMemory(path + ".Medium", asked.medium()),
        sizeLimitMib(path + ".SizeLimit", asked.sizeLimit()));
  }

  private boolean inMemory(String parameter, @Nullable String medium) {
    return switch (medium) {
      case null -> false;
      case "" -> false;
      case "memory", "Memory" -> true;
      default -> {
        findings.invalid(
            parameter, medium, "must be Memory, or be left out for the storage of the host");
        yield false;
      }
    };
  }

  private @Nullable Integer sizeLimitMib(String parameter, @Nullable String limit) {
    if (limit == null || limit.isEmpty()) {
      return null;
    }
    Matcher matcher = SIZE_LIMIT.matcher(limit);
    if (!matcher.matches()) {
      findings.invalid(
          parameter, limit, "must be a size such as 256Mi or 2Gi, or a number of GiB such as 2");
      return null;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    BigDecimal mib =
        "Mi".equals(matcher.group(2)) ? number : number.multiply(BigDecimal.valueOf(1024));
    if (mib.signum() == 0 || mib.compareTo(BigDecimal.valueOf(MOST_GIB * 1024L)) > 0) {
      findings.outOfRange(parameter, limit, "must be more than 0 and at most " + MOST_GIB + "Gi");
      return null;
    }
    return mib.setScale(0, RoundingMode.CEILING).intValueExact();
  }
}
