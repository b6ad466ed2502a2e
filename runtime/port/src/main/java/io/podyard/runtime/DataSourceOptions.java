package io.podyard.runtime;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of a data source as ECI names them (contract section 14). What is not known is
 * refused by its name, all at once, so that nothing that was asked for is silently left out.
 */
public final class DataSourceOptions {

  public static final List<String> TYPES = List.of("URL", "NAS", "OSS", "SNAPSHOT");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final List<String> HUB_KINDS = List.of("HuggingFace/Model", "HuggingFace/Dataset");
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9_][\\w.-]{0,95}(/[A-Za-z0-9_][\\w.-]{0,95})?");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.-]{0,99}");
  private static final Pattern CACHE = Pattern.compile("edc-[a-z0-9]{1,60}");

  /** The region in a service's name: {@code oss-<region>} of OSS, {@code s3.<region>} of S3. */
  private static final Pattern REGION =
      Pattern.compile(
          "(?:s3\\.)?(oss-[a-z0-9-]+?)(?:-internal)?\\.aliyuncs\\.com"
              + "|s3[.-]([a-z]{2}(?:-[a-z]+)+-\\d)\\.amazonaws\\.com(?:\\.cn)?");

  /** Of what a mount may be told, this says nothing about what is read. */
  private static final Set<String> MOUNT_OPTIONS =
      Set.of(
          "ac",
          "acdirmax",
          "acdirmin",
          "acregmax",
          "acregmin",
          "actimeo",
          "hard",
          "lock",
          "minorversion",
          "noac",
          "noatime",
          "nodev",
          "nodiratime",
          "nolock",
          "noresvport",
          "nosuid",
          "resvport",
          "retrans",
          "ro",
          "rsize",
          "rw",
          "soft",
          "tcp",
          "timeo",
          "wsize",
          "_netdev");

  private final Map<String, String> options;
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> known = new TreeSet<>();

  private DataSourceOptions(Map<String, String> options) {
    this.options = options;
  }

  public static DataSourceReading read(String type, Map<String, String> options) {
    DataSourceOptions reading = new DataSourceOptions(options);
    DataSource source =
        switch (type) {
          case "URL" -> reading.web();
          case "NAS" -> reading.nfs();
          case "OSS" -> reading.bucket();
          case "SNAPSHOT" -> reading.copy();
          default ->
              reading.refuse(
                  "DataSource.Type is " + type + ", it must be one of " + String.join(", ", TYPES));
        };
    if (TYPES.contains(type)) {
      for (String name : new TreeSet<>(options.keySet())) {
        if (!reading.known.contains(name)) {
          reading.refuse(
              "option %s is not known for data of type %s, which takes %s"
                  .formatted(name, type, String.join(", ", reading.known)));
        }
      }
    }
    return source == null || !reading.wrong.isEmpty()
        ? new DataSourceReading.Refused(reading.wrong)
        : new DataSourceReading.Understood(source);
  }

  private @Nullable DataSource web() {
    String kind = optional("repoSource", "");
    String id = optional("repoId", "");
    String revision = optional("revision", "main");
    if (!kind.isEmpty() || !id.isEmpty()) {
      return hub(kind, id, revision);
    }
    String url = needed("url");
    if (url == null) {
      return null;
    }
    URI address = address("url", url);
    return address == null ? null : new DataSource.Web(address);
  }

  private @Nullable DataSource hub(String kind, String id, String revision) {
    if (!optional("url", "").isEmpty()) {
      refuse("options url and repoId exclude each other");
    }
    if (!HUB_KINDS.contains(kind)) {
      refuse("option repoSource is " + kind + ", it must be one of " + HUB_KINDS);
    }
    if (!REPOSITORY.matcher(id).matches() || id.contains("..")) {
      refuse("option repoId is " + id + ", it must be as owner/name");
    }
    if (!REVISION.matcher(revision).matches()) {
      refuse("option revision is " + revision + ", it must be a branch, a tag or a commit");
    }
    return new DataSource.Hub(id, kind.equals("HuggingFace/Dataset"), revision);
  }

  private @Nullable DataSource bucket() {
    String bucket = needed("bucket");
    String url = needed("url");
    String path = strip(optional("path", "/"));
    String id = optional("akId", "");
    String secret = optional("akSecret", "");
    String region = optional("region", "");
    String style = optional("pathStyle", "");
    optional("otherOpts", "");
    if (bucket != null && !BUCKET.matcher(bucket).matches()) {
      refuse("option bucket is " + bucket + ", which no bucket is named");
    }
    if (id.isEmpty() != secret.isEmpty()) {
      refuse("options akId and akSecret belong together, one of them is missing");
    }
    if (!style.isEmpty() && !style.equals("true") && !style.equals("false")) {
      refuse("option pathStyle is " + style + ", it must be true or false");
    }
    URI endpoint =
        url == null ? null : address("url", url.contains("://") ? url : "https://" + url);
    if (bucket == null || endpoint == null) {
      return null;
    }
    if (!strip(endpoint.getPath() == null ? "" : endpoint.getPath()).isEmpty()
        || endpoint.getRawQuery() != null) {
      refuse("option url is " + url + ", it must be the address of the service alone");
    }
    String host = endpoint.getHost();
    Matcher told = REGION.matcher(host.toLowerCase(Locale.ROOT));
    boolean known = told.matches();
    return new DataSource.Bucket(
        endpoint,
        bucket,
        path,
        id.isEmpty() ? null : new DataSource.AccessKey(id, new Secret(secret)),
        !region.isEmpty() ? region : known ? region(told) : "us-east-1",
        style.isEmpty() ? !known || bucket.contains(".") : style.equals("true"));
  }

  private static String region(Matcher told) {
    return told.group(1) == null ? told.group(2) : told.group(1);
  }

  private @Nullable DataSource nfs() {
    String server = needed("server");
    String path = optional("path", "/");
    String version = optional("vers", "");
    String mount = optional("options", "");
    if (server != null && !HOST.matcher(server).matches() && !IPV6.matcher(server).matches()) {
      refuse("option server is " + server + ", it must be a host's name or address");
    }
    if (!path.startsWith("/") || List.of(path.split("/")).contains("..")) {
      refuse("option path is " + path + ", it must be absolute and without ..");
    }
    int port = 0;
    int mountPort = 0;
    for (String each : mount.split("[,\\s]+")) {
      String name = each.contains("=") ? each.substring(0, each.indexOf('=')) : each;
      String value = each.contains("=") ? each.substring(each.indexOf('=') + 1) : "";
      switch (name) {
        case "" -> {}
        case "port" -> port = port(each, value);
        case "mountport" -> mountPort = port(each, value);
        case "vers", "nfsvers" -> version = version.isEmpty() ? value : version;
        case "proto", "mountproto" -> {
          if (!value.equals("tcp")) {
            refuse("option options asks for " + each + ", only tcp is spoken");
          }
        }
        case "sec" -> {
          if (!value.equals("sys")) {
            refuse("option options asks for " + each + ", only sys is spoken");
          }
        }
        default -> {
          if (!MOUNT_OPTIONS.contains(name)) {
            refuse("option options asks for " + each + ", which is not known");
          }
        }
      }
    }
    DataSource.NfsVersion spoken =
        switch (version) {
          case "3", "3.0" -> DataSource.NfsVersion.V3;
          case "", "4", "4.0" -> DataSource.NfsVersion.V4;
          default -> {
            refuse("option vers is " + version + ", it must be 3 or 4.0");
            yield DataSource.NfsVersion.V4;
          }
        };
    return server == null ? null : new DataSource.Nfs(server, path, spoken, port, mountPort);
  }

  private int port(String option, String value) {
    if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= 1) {
      int port = Integer.parseInt(value);
      if (port <= 65535) {
        return port;
      }
    }
    refuse("option options asks for " + option + ", a port is 1 to 65535");
    return 0;
  }

  private @Nullable DataSource copy() {
    String id = needed("snapshotId");
    if (id == null) {
      return null;
    }
    if (!CACHE.matcher(id).matches()) {
      refuse("option snapshotId is " + id + ", it must be the id of a data cache (edc-...)");
    }
    return new DataSource.Copy(id);
  }

  private @Nullable URI address(String option, String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      refuse("option " + option + " is no address");
      return null;
    }
    String scheme = address.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      refuse("option " + option + " must begin with http:// or https://");
      return null;
    }
    if (address.getHost() == null) {
      refuse("option " + option + " names no host");
      return null;
    }
    if (address.getRawUserInfo() != null) {
      refuse("option " + option + " must be without a user and a password");
      return null;
    }
    return address;
  }

  private @Nullable String needed(String name) {
    String value = optional(name, "");
    if (value.isEmpty()) {
      refuse("option " + name + " is missing");
      return null;
    }
    return value;
  }

  private String optional(String name, String without) {
    known.add(name);
    String value = options.get(name);
    return value == null || value.isBlank() ? without : value.strip();
  }

  private @Nullable DataSource refuse(String why) {
    wrong.add(why);
    return null;
  }

  private static String strip(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
