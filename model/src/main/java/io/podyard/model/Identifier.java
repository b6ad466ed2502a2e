package io.podyard.model;

/** The rule all ids share, so that an id is always safe in a log line, a label and a path. */
final class Identifier {

  private static final int LONGEST = 128;

  private Identifier() {}

  static void check(String type, String value) {
    if (value.isEmpty() || value.length() > LONGEST) {
      throw new IllegalArgumentException(
          type + " must have 1 to " + LONGEST + " characters, not " + value.length());
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.';
      if (!allowed) {
        throw new IllegalArgumentException(
            type + " may hold letters, digits, '-', '_' and '.', not '" + value + "'");
      }
    }
  }
}
