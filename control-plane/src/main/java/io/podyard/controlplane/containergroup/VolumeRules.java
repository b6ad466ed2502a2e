package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.runtime.VolumeSpec;
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
  private static final int MOST_VOLUMES = 20;

  /** The largest temporary storage of the contract, section 7. */
  private static final int MOST_GIB = 5000;

  private static final Set<String> UNSUPPORTED =
      Set.of("NFSVolume", "FlexVolume", "HostPathVolume", "DiskVolume");

  /** The contract shows {@code 256Mi} and, elsewhere, a plain number of GiB. */
  private static final Pattern SIZE_LIMIT =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(Mi|Gi)?");

  private final Findings findings;
  private final ConfigFileRules configFiles;
  private final Set<String> names = new HashSet<>();
  private boolean allNamed = true;

  VolumeRules(Findings findings) {
    this.findings = findings;
    this.configFiles = new ConfigFileRules(findings);
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
      findings.missing(path + ".Type", "is required: EmptyDirVolume or ConfigFileVolume");
      return null;
    }
    for (String part : partsOf(asked)) {
      if (!part.equals(type)) {
        findings.invalid(path + "." + part, null, "must be left out unless Type is " + part);
      }
    }
    if (type.equals(EMPTY_DIR)) {
      return emptyDir(path + "." + EMPTY_DIR, name, asked.emptyDirVolume());
    } else if (type.equals(CONFIG_FILE)) {
      return configFiles.read(path + "." + CONFIG_FILE, name, asked.configFileVolume());
    }
    String why = UNSUPPORTED.contains(type) ? "; this type is not supported yet" : "";
    findings.invalid(path + ".Type", type, "must be EmptyDirVolume or ConfigFileVolume" + why);
    return null;
  }

  /** The parts that say anything; an empty one comes from SDKs that always send it. */
  private static Set<String> partsOf(VolumeRequest asked) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    VolumeRequest.ConfigFileVolume files = asked.configFileVolume();
    given.put(
        CONFIG_FILE,
        files != null && !(files.configFileToPath().isEmpty() && files.defaultMode() == null));
    given.put("DiskVolume", asked.diskVolume() != null);
    VolumeRequest.EmptyDirVolume folder = asked.emptyDirVolume();
    given.put(
        EMPTY_DIR, folder != null && !(folder.medium() == null && folder.sizeLimit() == null));
    given.put("FlexVolume", asked.flexVolume() != null);
    given.put("HostPathVolume", asked.hostPathVolume() != null);
    given.put("NFSVolume", asked.nfsVolume() != null);
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
