package io.podyard.api;

import io.podyard.api.wire.WireName;
import java.lang.reflect.RecordComponent;

/**
 * The wire name of a component: what {@link WireName} says, else it with a capital first letter.
 */
final class WireNames {

  private WireNames() {}

  static String of(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    return name == null ? capitalised(component.getName()) : name.value();
  }

  static String capitalised(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
