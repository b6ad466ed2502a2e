package io.podyard.api;

/** Text from a caller made safe to show. */
final class Printable {

  private Printable() {}

  /** At most {@code longest} characters; control characters and broken surrogates become '?'. */
  static String shortened(String text, int longest) {
    int end = Math.min(text.length(), longest);
    boolean clean = end == text.length();
    for (int i = 0; clean && i < end; i++) {
      char c = text.charAt(i);
      clean = c >= ' ' && c < 0x7f;
    }
    if (clean) {
      return text;
    }
    StringBuilder shown = new StringBuilder(end + 3);
    int i = 0;
    while (i < end) {
      int codePoint = text.codePointAt(i);
      int width = Character.charCount(codePoint);
      boolean cut = i + width > end;
      boolean shows =
          switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.SURROGATE,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.UNASSIGNED ->
                false;
            default -> true;
          };
      if (shows && !cut) {
        shown.appendCodePoint(codePoint);
      } else if (!cut) {
        shown.append('?');
      }
      i += width;
    }
    return text.length() > longest ? shown.append("...").toString() : shown.toString();
  }

  /** Whether the text can be stored and sent as UTF-8: no zero character, no broken surrogate. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
