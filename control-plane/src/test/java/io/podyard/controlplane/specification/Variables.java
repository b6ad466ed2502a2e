package io.podyard.controlplane.specification;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${name}} in a text stands for what an earlier answer of the page had. */
final class Variables {

  private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

  private Variables() {}

  static String in(String text, Map<String, String> values) {
    return NAME.matcher(text)
        .replaceAll(
            found -> {
              String value = values.get(found.group(1));
              if (value == null) {
                throw new IllegalArgumentException("nothing before said " + found.group());
              }
              return Matcher.quoteReplacement(value);
            });
  }
}
