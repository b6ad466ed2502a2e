package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.runtime.VolumeSpec;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Folders of NFS servers (contract section 10), asked for by name or as the driver {@code
 * alicloud/nas}. A host mounts them, so its own addresses are out of bounds: what it exports to
 * itself is not for groups.
 */
final class NetworkVolumeRules {

  static final String NAS = "alicloud/nas";

  /** The one file system of that driver. */
  static final String NFS = "nfs";

  private static final String DRIVERS = NAS + " or " + DiskRules.DRIVER;
  private static final String OSS = "alicloud/oss";

  /** More than any driver's options need. */
  private static final int LONGEST_OPTIONS = 4096;

  private static final Set<String> NAS_OPTIONS = Set.of("server", "path", "readOnly");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Findings findings;

  NetworkVolumeRules(Findings findings) {
    this.findings = findings;
  }

  @Nullable VolumeSpec nfs(String path, String name, VolumeRequest.@Nullable NfsVolume asked) {
    String server = server(path + ".Server", asked == null ? null : asked.server());
    String folder = folder(path + ".Path", asked == null ? null : asked.path());
    return server == null || folder == null
        ? null
        : new VolumeSpec.Nfs(
            name, server, folder, asked != null && Boolean.TRUE.equals(asked.readOnly()));
  }

  private @Nullable String server(String parameter, @Nullable String server) {
    if (server == null || server.isEmpty()) {
      findings.missing(parameter);
      return null;
    }
    if (findings.tooLong(parameter, server, TextForms.LONGEST_HOSTNAME)) {
      return null;
    }
    if (!TextForms.isHostname(server)) {
      // An IPv4 address has the form of a host name; hosts ask servers by IPv4 alone.
      findings.invalid(
          parameter, server, "must be a host name such as nfs.example.com or an IPv4 address");
      return null;
    }
    if (isOwn(server)) {
      findings.invalid(parameter, server, "must not be an address of the host itself");
      return null;
    }
    return server;
  }

  /** Whether it means a host itself, or its link, wherever it is used. */
  private static boolean isOwn(String server) {
    if (!TextForms.isAddress(server)) {
      // Digits alone are addresses in an old notation.
      String name = server.toLowerCase(Locale.ROOT);
      return name.equals("localhost")
          || name.endsWith(".localhost")
          || name.chars().allMatch(c -> c == '.' || Character.isDigit(c))
          || name.startsWith("0x");
    }
    InetAddress address = InetAddress.ofLiteral(server);
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress();
  }

  private @Nullable String folder(String parameter, @Nullable String path) {
    if (path == null || path.isEmpty()) {
      findings.missing(parameter);
      return null;
    }
    if (findings.tooLong(parameter, path, TextForms.LONGEST_PATH)) {
      return null;
    }
    if (!TextForms.isAbsolutePath(path)) {
      findings.invalid(parameter, path, "must be an absolute path such as /share, without '..'");
      return null;
    }
    return TextForms.normalized(path);
  }

  @Nullable VolumeSpec flex(String path, String name, VolumeRequest.@Nullable FlexVolume asked) {
    String driver = asked == null ? null : asked.driver();
    if (asked == null || driver == null || driver.isEmpty()) {
      findings.missing(path + ".Driver", "is required: " + DRIVERS);
      return null;
    }
    return switch (driver) {
      case NAS -> nas(path, name, asked);
      case OSS -> {
        findings.invalid(
            path + ".Driver",
            driver,
            "must be "
                + DRIVERS
                + "; object storage cannot be mounted, its driver is not part of Podyard");
        yield null;
      }
      default -> {
        findings.invalid(path + ".Driver", driver, "must be " + DRIVERS);
        yield null;
      }
    };
  }

  private @Nullable VolumeSpec nas(String path, String name, VolumeRequest.FlexVolume asked) {
    String type = asked.fsType();
    if (type != null && !type.isEmpty() && !type.equals(NFS)) {
      findings.invalid(
          path + ".FsType", type, "must be %s or be left out for %s".formatted(NFS, NAS));
    }
    String parameter = path + ".Options";
    String options = asked.options();
    if (options == null || options.isEmpty()) {
      findings.missing(parameter, "is required: {\"server\": \"...\", \"path\": \"...\"}");
      return null;
    }
    if (findings.tooLong(parameter, options, LONGEST_OPTIONS)) {
      return null;
    }
    JsonNode read;
    try {
      read = JSON.readTree(options);
    } catch (JacksonException e) {
      read = null;
    }
    if (read == null || !read.isObject()) {
      findings.invalid(parameter, null, "must be a JSON object");
      return null;
    }
    TreeSet<String> others = new TreeSet<>(read.propertyNames());
    others.removeAll(NAS_OPTIONS);
    if (!others.isEmpty()) {
      findings.invalid(
          parameter, null, "must have server, path and readOnly alone, no other options");
      return null;
    }
    String readOnly = read.path("readOnly").asString("false");
    if (!readOnly.equals("true") && !readOnly.equals("false")) {
      findings.invalid(parameter + ".readOnly", null, "must be true or false");
    }
    String server = server(parameter + ".server", read.path("server").asString(""));
    String folder = folder(parameter + ".path", read.path("path").asString(""));
    return server == null || folder == null
        ? null
        : new VolumeSpec.Nfs(name, server, folder, readOnly.equals("true"), options);
  }
}
