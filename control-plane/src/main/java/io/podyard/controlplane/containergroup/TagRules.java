package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.tag.Tag;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tags a group is created with (contract section 9). */
final class TagRules {

  private static final int MOST_TAGS = 20;

  /** TagResources takes keys of 128; the contract has the shorter ones for creating. */
  private static final int LONGEST_KEY = 64;

  private static final int LONGEST_VALUE = 128;
  private static final List<String> RESERVED_KEYS = List.of("acs:", "aliyun");
  private static final List<String> RESERVED_VALUES = List.of("acs:");

  private TagRules() {}

  static SortedMap<String, String> read(List<Tag> asked, Findings findings) {
    if (asked.size() > MOST_TAGS) {
      findings.with(
          ErrorCode.NUMBER_EXCEED_TAGS,
          "Tag",
          null,
          "has at most %d entries, not %d".formatted(MOST_TAGS, asked.size()));
    }
    SortedMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "Tag." + (i + 1);
      String key = asked.get(i).key();
      String value = asked.get(i).value() == null ? "" : asked.get(i).value();
      if (key == null || key.isEmpty()) {
        findings.missing(path + ".Key");
      } else {
        check(path + ".Key", key, LONGEST_KEY, RESERVED_KEYS, findings);
        if (tags.put(key, value) != null) {
          findings.invalid(path + ".Key", key, "must be given once");
        }
      }
      check(path + ".Value", value, LONGEST_VALUE, RESERVED_VALUES, findings);
    }
    return Collections.unmodifiableSortedMap(tags);
  }

  private static void check(
      String parameter,
      @Nullable String text,
      int longest,
      List<String> reserved,
      Findings findings) {
    if (text == null || findings.tooLong(parameter, text, longest)) {
      return;
    }
    for (String start : reserved) {
      if (text.startsWith(start)) {
        findings.invalid(parameter, text, "must not start with " + start);
        return;
      }
    }
    if (text.contains("http://") || text.contains("https://")) {
      findings.invalid(parameter, text, "must not contain http:// or https://");
    }
  }
}
