package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.runtime.Secret;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that travel with a request (contract section 10). Their contents are never part of a
 * message.
 */
final class ConfigFileRules {

  private static final int MOST_FILES = 90;
  private static final int LARGEST_FILE_BYTES = 32 * 1024;
  private static final int LARGEST_TOTAL_BYTES = 60 * 1024;

  /** Base64 has four characters for three bytes. */
  private static final int LONGEST_CONTENT = (LARGEST_FILE_BYTES + 2) / 3 * 4;

  private static final int DEFAULT_MODE = 0644;

  private final Findings findings;
  private int totalBytes;

  /** For all volumes of one group, which share the limit on their total. */
  ConfigFileRules(Findings findings) {
    this.findings = findings;
  }

  VolumeSpec read(String path, String name, VolumeRequest.@Nullable ConfigFileVolume asked) {
    String list = path + ".ConfigFileToPath";
    if (asked == null || asked.configFileToPath().isEmpty()) {
      findings.missing(list, "is required: a ConfigFileVolume has at least one file");
      return new VolumeSpec.ConfigFiles(name, List.of());
    }
    if (asked.configFileToPath().size() > MOST_FILES) {
      findings.tooMany(list, asked.configFileToPath().size(), MOST_FILES);
      return new VolumeSpec.ConfigFiles(name, List.of());
    }
    int defaultMode = mode(path + ".DefaultMode", asked.defaultMode(), DEFAULT_MODE);
    List<VolumeSpec.ConfigFile> files = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < asked.configFileToPath().size(); i++) {
      VolumeRequest.ConfigFileToPath file = asked.configFileToPath().get(i);
      String at = list + "." + (i + 1);
      String content = content(at + ".Content", file.content());
      int mode = mode(at + ".Mode", file.mode(), defaultMode);
      String where = filePath(at + ".Path", file.path(), taken);
      files.add(new VolumeSpec.ConfigFile(where, new Secret(content), mode));
    }
    return new VolumeSpec.ConfigFiles(name, files);
  }

  private String filePath(String parameter, @Nullable String path, Set<String> taken) {
    if (path == null || path.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (findings.tooLong(parameter, path, TextForms.LONGEST_PATH)) {
      return "";
    }
    if (!TextForms.isRelativePath(path)) {
      findings.invalid(
          parameter, path, "must be a relative path such as conf/app.yaml, without '..'");
      return "";
    }
    if (taken.stream().anyMatch(other -> collide(path, other))) {
      findings.invalid(
          parameter, path, "must not be, hold or lie in another file of the same volume");
    }
    taken.add(path);
    return path;
  }

  /** Whether two paths cannot both be files. */
  private static boolean collide(String one, String other) {
    return one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/");
  }

  private String content(String parameter, @Nullable String content) {
    if (content == null) {
      findings.missing(parameter);
      return "";
    }
    if (content.length() > LONGEST_CONTENT) {
      tooLarge(parameter, content.length() / 4 * 3);
      return "";
    }
    int bytes;
    try {
      bytes = Base64.getDecoder().decode(content).length;
    } catch (IllegalArgumentException e) {
      findings.invalid(parameter, null, "must be Base64");
      return "";
    }
    if (bytes > LARGEST_FILE_BYTES) {
      tooLarge(parameter, bytes);
      return "";
    }
    boolean fitted = totalBytes <= LARGEST_TOTAL_BYTES;
    totalBytes += bytes;
    if (fitted && totalBytes > LARGEST_TOTAL_BYTES) {
      findings.tooLong(parameter, tooMuch(totalBytes));
    }
    return content;
  }

  private void tooLarge(String parameter, int bytes) {
    findings.tooLong(
        parameter,
        "must have at most %d bytes once decoded, not %d".formatted(LARGEST_FILE_BYTES, bytes));
  }

  private static String tooMuch(int bytes) {
    return "is too much: all config files of a group have at most %d bytes together, not %d"
        .formatted(LARGEST_TOTAL_BYTES, bytes);
  }

  /** Those of a group that is to be, whoever asked for them when. */
  static void checkTotal(List<VolumeSpec> volumes, Findings findings) {
    int bytes =
        volumes.stream()
            .flatMap(
                volume ->
                    volume instanceof VolumeSpec.ConfigFiles files
                        ? files.files().stream()
                        : Stream.of())
            .mapToInt(file -> decodedBytes(file.contentBase64().reveal()))
            .sum();
    if (bytes > LARGEST_TOTAL_BYTES) {
      findings.tooLong("Volume", tooMuch(bytes));
    }
  }

  private static int decodedBytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return 0; // said of the file already
    }
  }

  /** The digits of the number are those of an octal mode: 644 means {@code rw-r--r--}. */
  private int mode(String parameter, @Nullable Integer digits, int otherwise) {
    if (digits == null) {
      return otherwise;
    }
    String text = digits.toString();
    boolean octal = text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '7');
    if (!octal) {
      findings.invalid(
          parameter, text, "must be the digits of an octal mode from 0 to 777, such as 644");
      return otherwise;
    }
    return Integer.parseInt(text, 8);
  }
}
