package io.podyard.runtime.simulated;

import io.podyard.runtime.HostImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The images of a host as they are told by another process: digest, bytes and name, one a line. */
final class ImageLines {

  private static final int PARTS = 3;

  private ImageLines() {}

  static String of(List<HostImage> images) {
    return images.stream()
        .map(image -> image.digest() + " " + image.bytes() + " " + image.image())
        .collect(Collectors.joining("\n"));
  }

  /** A process of an earlier release tells digests alone, of which nobody knows the names. */
  static List<HostImage> images(String lines) {
    List<HostImage> images = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      String[] parts = line.split(" ", PARTS);
      if (parts.length == PARTS) {
        images.add(new HostImage(null, parts[2], parts[0], Long.parseLong(parts[1])));
      }
    }
    return images;
  }
}
