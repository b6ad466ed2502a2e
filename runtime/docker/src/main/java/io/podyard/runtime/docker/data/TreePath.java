package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where something is below the root of the data. It cannot lead out of it, and every host can have
 * it.
 *
 * @param text divided by slashes; empty for the root itself
 */
record TreePath(String text) {

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST = 4000;
  private static final int MOST_SHOWN = 100;

  static final TreePath ROOT = new TreePath("");

  /** What a source calls something, slashes and all. */
  static TreePath of(String text) throws DataNotFetchedException {
    TreePath path = ROOT;
    for (String name : text.split("/", -1)) {
      path = path.child(name);
    }
    return path;
  }

  TreePath child(String name) throws DataNotFetchedException {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw unfit(name, "no file can be named so");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw unfit(name, "a name has at most " + LONGEST_NAME + " bytes");
    }
    String below = text.isEmpty() ? name : text + "/" + name;
    if (below.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw unfit(name, "a path has at most " + LONGEST + " bytes");
    }
    return new TreePath(below);
  }

  /** Null for the root. */
  @Nullable TreePath parent() {
    int slash = text.lastIndexOf('/');
    return text.isEmpty() ? null : slash < 0 ? ROOT : new TreePath(text.substring(0, slash));
  }

  /**
   * Sees to it that a link leads to somewhere in the data, whatever else is in it. Steps up come
   * first: after a name they would start from wherever that leads.
   */
  void checkTarget(String target) throws DataNotFetchedException {
    int up = 0;
    boolean down = false;
    for (String step : target.split("/", -1)) {
      if (step.equals("..")) {
        up++;
        if (down) {
          throw unfitLink(target);
        }
      } else if (!step.isEmpty() && !step.equals(".")) {
        down = true;
      }
    }
    long above = text.chars().filter(c -> c == '/').count();
    if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0 || up > above) {
      throw unfitLink(target);
    }
  }

  private DataNotFetchedException unfitLink(String target) {
    return new DataNotFetchedException(
        Reason.UNFIT,
        "the link %s leads to %s, out of the data or not surely into it"
            .formatted(shown(text), shown(target)));
  }

  private DataNotFetchedException unfit(String name, String why) {
    return new DataNotFetchedException(
        Reason.UNFIT,
        "%s in folder %s cannot be kept: %s".formatted(shown(name), shown("/" + text), why));
  }

  /** For messages: short, and without what would do something to a terminal. */
  static String shown(String name) {
    String printable = name.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= MOST_SHOWN
        ? "'" + printable + "'"
        : "'" + printable.substring(0, MOST_SHOWN) + "...'";
  }
}
