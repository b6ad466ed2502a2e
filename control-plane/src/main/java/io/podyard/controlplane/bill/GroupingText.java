package io.podyard.controlplane.bill;

import io.podyard.billing.Grouping;
import io.podyard.billing.ResourceKind;
import java.util.Optional;

/** How requests name what the lines of a bill are added up by. */
public final class GroupingText {

  /** For a refusal. */
  public static final String ALLOWED =
      "must be item, group, image-cache, data-cache, zone, day, or tag: and a key, such as tag:team";

  private static final String TAG = "tag:";
  private static final int LONGEST_KEY = 128;

  private GroupingText() {}

  /** Empty for a text that names nothing. */
  public static Optional<Grouping> read(String text) {
    return switch (text) {
      case "item" -> Optional.of(new Grouping.ByItem());
      case "group" -> Optional.of(new Grouping.ByResource(ResourceKind.CONTAINER_GROUP));
      case "image-cache" -> Optional.of(new Grouping.ByResource(ResourceKind.IMAGE_CACHE));
      case "data-cache" -> Optional.of(new Grouping.ByResource(ResourceKind.DATA_CACHE));
      case "zone" -> Optional.of(new Grouping.ByZone());
      case "day" -> Optional.of(new Grouping.ByDay());
      default -> ofTag(text);
    };
  }

  private static Optional<Grouping> ofTag(String text) {
    String key = text.startsWith(TAG) ? text.substring(TAG.length()) : "";
    return key.isEmpty() || key.length() > LONGEST_KEY || key.chars().anyMatch(c -> c == 0)
        ? Optional.empty()
        : Optional.of(new Grouping.ByTag(key));
  }
}
