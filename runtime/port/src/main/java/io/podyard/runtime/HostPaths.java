package io.podyard.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The paths of hosts that groups may mount, by the operator's will: each with all that is below it.
 * None lies in another, so that what may be written in one cannot change what another leads to.
 */
public record HostPaths(List<Allowed> allowed) {

  public static final HostPaths NONE = new HostPaths(List.of());

  private static final String WRITABLE = ":rw";
  private static final String READ_ONLY = ":ro";

  /**
   * One of them.
   *
   * @param path absolute, in plain form: no {@code .}, no {@code ..}, no doubled or final slash
   * @param writable whether groups may change what is there
   */
  public record Allowed(String path, boolean writable) {

    /** Whether a path in plain form is this one or below it. */
    public boolean holds(String other) {
      return other.equals(path) || other.startsWith(path + "/");
    }

    /** The path from here to one below; empty for this one. */
    public String within(String other) {
      return other.equals(path) ? "" : other.substring(path.length() + 1);
    }
  }

  /**
   * @throws IllegalArgumentException if a path is not in plain form, is the root, or lies in
   *     another
   */
  public HostPaths {
    allowed = List.copyOf(allowed);
    for (Allowed one : allowed) {
      if (!isPlain(one.path())) {
        throw new IllegalArgumentException(
            "'%s' must be an absolute path below the root, such as /srv/data, without '.', '..', ':' and ','"
                .formatted(one.path()));
      }
      for (Allowed other : allowed) {
        if (other != one && other.holds(one.path())) {
          throw new IllegalArgumentException(
              "%s must not be given twice or lie in another path that is given"
                  .formatted(one.path()));
        }
      }
    }
  }

  /**
   * Reads {@code /srv/data,/srv/scratch:rw}: read-only unless {@code :rw} follows.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static HostPaths parse(String text) {
    List<Allowed> allowed = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      if (one.isEmpty()) {
        continue;
      }
      boolean writable = one.endsWith(WRITABLE);
      boolean marked = writable || one.endsWith(READ_ONLY);
      allowed.add(
          new Allowed(marked ? one.substring(0, one.length() - WRITABLE.length()) : one, writable));
    }
    return new HostPaths(allowed);
  }

  private static boolean isPlain(String path) {
    return path.startsWith("/")
        && path.chars().noneMatch(c -> c == ':' || c == ',' || Character.isISOControl(c))
        && Arrays.stream(path.substring(1).split("/", -1))
            .noneMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."));
  }

  /** The one that a path in plain form is or is below; empty if nothing allows it. */
  public Optional<Allowed> of(String path) {
    return isPlain(path)
        ? allowed.stream().filter(one -> one.holds(path)).findFirst()
        : Optional.empty();
  }
}
