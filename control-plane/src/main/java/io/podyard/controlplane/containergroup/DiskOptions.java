package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.runtime.VolumeSpec;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The options of the driver {@code alicloud/disk} (contract section 10), a JSON object. Its values
 * come as texts or as what they are.
 */
final class DiskOptions {

  /** More than these options need. */
  private static final int LONGEST = 4096;

  private static final Set<String> KNOWN =
      Set.of(
          "volumeId",
          "volumeSize",
          "deleteWithInstance",
          "performanceLevel",
          "encrypted",
          "kmsKeyId");

  private static final Set<String> LEVELS = Set.of("PL0", "PL1", "PL2", "PL3");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DiskOptions() {}

  /** What they say, without anything that is wrong. */
  static DiskAsked read(String parameter, @Nullable String options, Findings findings) {
    if (options == null || options.isEmpty()) {
      return new DiskAsked(true, null, null, null, null);
    }
    if (findings.tooLong(parameter, options, LONGEST)) {
      return new DiskAsked(true, null, null, null, null).notAllRead();
    }
    JsonNode read = parsed(options);
    if (read == null) {
      findings.invalid(parameter, null, "must be a JSON object");
      return new DiskAsked(true, null, null, null, null).notAllRead();
    }
    TreeSet<String> others = new TreeSet<>(read.propertyNames());
    others.removeAll(KNOWN);
    if (!others.isEmpty()) {
      findings.invalid(
          parameter,
          null,
          "must have volumeId, volumeSize, deleteWithInstance and performanceLevel alone, no other"
              + " options");
    }
    if (Boolean.TRUE.equals(truth(parameter + ".encrypted", read.get("encrypted"), findings))) {
      findings.invalid(
          parameter + ".encrypted", "true", "must be false: hosts do not encrypt disks");
    }
    String key = text(read.get("kmsKeyId"));
    if (key != null) {
      findings.invalid(
          parameter + ".kmsKeyId", null, "must be left out: hosts do not encrypt disks");
    }
    String level = text(read.get("performanceLevel"));
    if (level != null && !LEVELS.contains(level)) {
      findings.invalid(parameter + ".performanceLevel", null, "must be PL0, PL1, PL2 or PL3");
    }
    JsonNode size = read.get("volumeSize");
    Integer gib = number(size);
    DiskAsked asked =
        new DiskAsked(
            true,
            text(read.get("volumeId")),
            gib,
            truth(parameter + ".deleteWithInstance", read.get("deleteWithInstance"), findings),
            level);
    if (gib == null && text(size) != null) {
      findings.invalid(parameter + ".volumeSize", null, "must be a whole number of GiB");
      return asked.notAllRead();
    }
    return asked;
  }

  /** The id of the disk that options name; null if they name none that could be read. */
  static @Nullable String volumeId(@Nullable String options) {
    if (options == null || options.length() > LONGEST) {
      return null;
    }
    JsonNode read = parsed(options);
    return read == null ? null : text(read.get("volumeId"));
  }

  /**
   * Options that say what a disk of a group is.
   *
   * @param withId whether they name it, else they ask for a new one like it
   */
  static String write(VolumeSpec.Disk disk, KeptDisk kept, boolean withId) {
    ObjectNode options = JSON.createObjectNode();
    if (withId || kept.existing()) {
      options.put("volumeId", disk.id());
    }
    if (!kept.existing()) {
      options.put("volumeSize", String.valueOf(disk.sizeGib()));
    }
    if (kept.performanceLevel() != null) {
      options.put("performanceLevel", kept.performanceLevel());
    }
    options.put("deleteWithInstance", String.valueOf(kept.deleteWithGroup()));
    return JSON.writeValueAsString(options);
  }

  private static @Nullable JsonNode parsed(String options) {
    try {
      JsonNode read = JSON.readTree(options);
      return read == null || !read.isObject() ? null : read;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Null if there is none, or an empty one; what is no text is one that nothing accepts. */
  private static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    String text = node.isString() ? node.stringValue() : node.toString();
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Integer number(@Nullable JsonNode node) {
    if (node != null && node.isIntegralNumber() && node.canConvertToInt()) {
      return node.intValue();
    }
    String text = node == null || !node.isString() ? "" : node.stringValue();
    return NUMBER.matcher(text).matches() ? Integer.valueOf(text) : null;
  }

  private static @Nullable Boolean truth(
      String parameter, @Nullable JsonNode node, Findings findings) {
    String text = text(node);
    return switch (text) {
      case null -> null;
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> {
        findings.invalid(parameter, null, "must be true or false");
        yield null;
      }
    };
  }

  /** Sizes of disks, as in {@link PersistentVolume}. */
  static boolean isSize(int gib) {
    return gib >= PersistentVolume.SMALLEST_GIB && gib <= PersistentVolume.LARGEST_GIB;
  }
}
