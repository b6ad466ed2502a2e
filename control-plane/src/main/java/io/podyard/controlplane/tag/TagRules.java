package io.podyard.controlplane.tag;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.tag.Tag;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What tags may look like (contract section 9). Creating and tagging differ a little there. */
public enum TagRules {
  /** Tags that a resource is created with. */
  CREATING(64, List.of("acs:")),

  /** Tags that a resource gets later. */
  TAGGING(128, List.of("acs:", "aliyun"));

  /** The most tags of one resource. */
  public static final int MOST_TAGS = 20;

  private static final int LONGEST_VALUE = 128;
  private static final List<String> RESERVED_KEYS = List.of("acs:", "aliyun");

  private final int longestKey;
  private final List<String> reservedValues;

  TagRules(int longestKey, List<String> reservedValues) {
    this.longestKey = longestKey;
    this.reservedValues = reservedValues;
  }

  /** The tags asked for; of no use if there are problems. */
  public SortedMap<String, String> read(List<Tag> asked, Consumer<Problem> problems) {
    if (asked.size() > MOST_TAGS) {
      problems.accept(
          Problem.of(
              ErrorCode.NUMBER_EXCEED_TAGS,
              "Tag",
              "has at most %d entries, not %d".formatted(MOST_TAGS, asked.size())));
    }
    SortedMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "Tag." + (i + 1);
      String key = asked.get(i).key();
      String value = asked.get(i).value() == null ? "" : asked.get(i).value();
      if (key == null || key.isEmpty()) {
        problems.accept(Problem.missing(path + ".Key"));
      } else {
        check(path + ".Key", key, longestKey, RESERVED_KEYS, problems);
        if (tags.put(key, value) != null) {
          problems.accept(invalid(path + ".Key", key, "must be given once"));
        }
      }
      check(path + ".Value", value, LONGEST_VALUE, reservedValues, problems);
    }
    return Collections.unmodifiableSortedMap(tags);
  }

  /** The tags to look for, any value of a key being meant by a null one. */
  public static Map<String, @Nullable String> filter(List<Tag> asked, Consumer<Problem> problems) {
    Map<String, @Nullable String> tags = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "Tag." + (i + 1) + ".Key";
      String key = asked.get(i).key();
      if (key == null || key.isEmpty()) {
        problems.accept(Problem.missing(path));
      } else if (tags.containsKey(key)) {
        problems.accept(invalid(path, key, "must be given once"));
      } else {
        tags.put(key, asked.get(i).value());
      }
    }
    return tags;
  }

  private static void check(
      String parameter,
      @Nullable String text,
      int longest,
      List<String> reserved,
      Consumer<Problem> problems) {
    if (text == null) {
      return;
    }
    if (text.length() > longest) {
      problems.accept(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED,
              parameter,
              "must have at most %d characters, not %d".formatted(longest, text.length())));
      return;
    }
    for (String start : reserved) {
      if (text.startsWith(start)) {
        problems.accept(invalid(parameter, text, "must not start with " + start));
        return;
      }
    }
    if (text.contains("http://") || text.contains("https://")) {
      problems.accept(invalid(parameter, text, "must not contain http:// or https://"));
    }
  }

  private static Problem invalid(String parameter, String value, String message) {
    return new Problem(ErrorCode.INVALID_PARAMETER, parameter, value, message);
  }
}
