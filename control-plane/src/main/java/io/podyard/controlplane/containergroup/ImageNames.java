package io.podyard.controlplane.containergroup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of an image's name: {@code [registry[:port]/]path[:tag][@digest]}. */
public final class ImageNames {

  /** Contract section 7. */
  public static final int LONGEST = 255;

  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final String REGISTRY =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?";
  private static final String PART = "[a-z0-9]+(?:(?:__|[._]|-+)[a-z0-9]+)*";
  private static final Pattern NAME =
      Pattern.compile(
          "(?<path>(?:"
              + REGISTRY
              + "/)?"
              + PART
              + "(?:/"
              + PART
              + ")*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
              + "(?:@(?<digest>[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}))?");
  private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");

  private ImageNames() {}

  /**
   * Whether a registry can be asked for it. The id of an image is no name: it would reach for
   * whatever a host happens to have, which may be somebody else's.
   */
  public static boolean isName(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    Matcher name = NAME.matcher(text);
    if (!name.matches() || IMAGE_ID.matcher(text).matches() || SHA256.matcher(text).matches()) {
      return false;
    }
    String digest = name.group("digest");
    return digest == null || !digest.startsWith("sha256:") || SHA256.matcher(digest).matches();
  }
}
