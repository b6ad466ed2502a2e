package io.podyard.controlplane.containergroup;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Forms of text that several parameters share. Lengths are looked at first, so that no pattern ever
 * meets a long text.
 */
public final class TextForms {

  static final int LONGEST_LABEL = 63;
  static final int LONGEST_HOSTNAME = 253;

  /** PATH_MAX of Linux. */
  static final int LONGEST_PATH = 4096;

  /** NAME_MAX of Linux. */
  private static final int LONGEST_FILE_NAME = 255;

  private static final int LONGEST_IDENTIFIER = 128;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern HOSTNAME_LABEL =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

  private TextForms() {}

  /** Lower-case letters, digits and inner dashes, at most 63: a DNS label. */
  static boolean isLabel(String text) {
    return text.length() <= LONGEST_LABEL && LABEL.matcher(text).matches();
  }

  /** Labels joined by dots, in either case. */
  static boolean isHostname(String text) {
    return text.length() <= LONGEST_HOSTNAME
        && Arrays.stream(text.split("\\.", -1))
            .allMatch(
                label ->
                    label.length() <= LONGEST_LABEL && HOSTNAME_LABEL.matcher(label).matches());
  }

  /** An IPv4 address of four numbers, or an IPv6 address without a zone. */
  static boolean isAddress(String text) {
    // 45 characters are the longest form, an IPv4 address inside an IPv6 one.
    if (text.length() > 45 || !(IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
      return false;
    }
    try {
      // A literal: nothing is looked up.
      return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A registry's name or address and perhaps a port, without a scheme and without a path. */
  static boolean isRegistry(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[");
    if (bracketed) {
      int end = text.indexOf(']');
      if (end < 0 || !isAddress(text.substring(1, end))) {
        return false;
      }
      return end == text.length() - 1 || (colon == end + 1 && isPort(text.substring(colon + 1)));
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    return isHostname(host) && (colon < 0 || isPort(text.substring(colon + 1)));
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65535;
  }

  /** What every id of ours may be made of. */
  static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_IDENTIFIER
        && IDENTIFIER.matcher(text).matches();
  }

  /** A path inside something: it cannot lead out of it. */
  static boolean isRelativePath(String text) {
    return isPrintable(text, LONGEST_PATH) && parts(text).stream().allMatch(TextForms::isFileName);
  }

  /** A path from the root that says plainly where it leads. */
  public static boolean isAbsolutePath(String text) {
    return text.startsWith("/")
        && isPrintable(text, LONGEST_PATH)
        && parts(text).stream().filter(part -> !part.isEmpty()).allMatch(TextForms::isFileName);
  }

  /** The same absolute path without doubled and final slashes. */
  public static String normalized(String absolutePath) {
    return "/"
        + String.join("/", parts(absolutePath).stream().filter(part -> !part.isEmpty()).toList());
  }

  /** Whether a text is short enough and has no control character. */
  static boolean isPrintable(String text, int longest) {
    return text.length() <= longest && text.chars().noneMatch(Character::isISOControl);
  }

  private static List<String> parts(String path) {
    return List.of(path.split("/", -1));
  }

  private static boolean isFileName(String part) {
    return !part.isEmpty()
        && part.length() <= LONGEST_FILE_NAME
        && !part.equals(".")
        && !part.equals("..");
  }
}
