package io.podyard.bench;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** What {@code bench/run} and the environment say. */
public final class Settings {

  private Settings() {}

  /** The folder with the sources and the {@code podyard} script. */
  public static Path root() {
    String root = System.getProperty("podyard.root");
    if (root == null) {
      throw new IllegalStateException("benchmarks are started by bench/run");
    }
    return Path.of(root);
  }

  /** Where the classes of this module are: a folder or a jar. */
  public static Path classes() {
    try {
      return Path.of(Settings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A number of the environment.
   *
   * @throws IllegalArgumentException if it is set, but to nothing positive
   */
  public static int number(String name, int otherwise) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      return otherwise;
    }
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(name + " must be a positive number, not " + value);
    }
    return Integer.parseInt(value);
  }
}
