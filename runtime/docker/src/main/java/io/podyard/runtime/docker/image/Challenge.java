package io.podyard.runtime.docker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One way to log in that a registry offers in {@code WWW-Authenticate}.
 *
 * @param scheme in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      new Reader(header).readInto(challenges);
    }
    return challenges;
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** A header may hold several challenges, each with parameters, all divided by commas. */
  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    void readInto(List<Challenge> challenges) {
      while (skip()) {
        String scheme = word().toLowerCase(Locale.ROOT);
        if (scheme.isEmpty()) {
          return;
        }
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        while (skip()) {
          int back = at;
          String name = word();
          if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
            at = back;
            break;
          }
          at++;
          parameters.put(name, value());
        }
        challenges.add(new Challenge(scheme, parameters));
      }
    }

    private boolean skip() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
        at++;
      }
      return at < text.length();
    }

    private String word() {
      int from = at;
      while (at < text.length() && " ,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return word();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }
  }
}
