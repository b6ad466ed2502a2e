package io.podyard.controlplane.door.rest;

import io.podyard.api.Action;
import io.podyard.api.FieldSupport;
import io.podyard.api.FieldTable;
import io.podyard.api.wire.WireName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of requests the document shows: those that have an effect or are kept. A field that
 * is refused whatever it holds, or means nothing whatever it holds, would only be in the way.
 */
final class ShownFields {

  private final Map<Class<?>, Set<String>> shown = new HashMap<>();
  private final Set<Class<?>> ofActions = new HashSet<>();

  ShownFields(List<Route> routes) {
    for (Route route : routes) {
      Action action = route.action();
      if (action != null) {
        walk(route.requestType(), "", FieldTable.of(action));
      }
    }
  }

  boolean isShown(Class<?> type, RecordComponent component) {
    return !ofActions.contains(type)
        || shown.getOrDefault(type, Set.of()).contains(component.getName());
  }

  /** Whether anything of the record is shown. */
  private boolean walk(Class<? extends Record> type, String path, FieldTable table) {
    ofActions.add(type);
    boolean any = false;
    for (RecordComponent component : type.getRecordComponents()) {
      String wirePath = path + wireName(component);
      boolean list = component.getGenericType() instanceof ParameterizedType;
      Class<? extends Record> part = part(component);
      boolean has =
          part != null
              ? walk(part, wirePath + (list ? ".N." : "."), table)
              : hasEffect(table, list ? wirePath + ".N" : wirePath, wirePath);
      if (has) {
        shown.computeIfAbsent(type, t -> new HashSet<>()).add(component.getName());
        any = true;
      }
    }
    return any;
  }

  /** A list may travel as one text, and then has no index. */
  private static boolean hasEffect(FieldTable table, String path, String otherPath) {
    FieldSupport support = table.fields().get(path);
    if (support == null) {
      support = table.support(otherPath);
    }
    return switch (support) {
      case FieldSupport.Works works -> true;
      case FieldSupport.Kept kept -> true;
      case FieldSupport.Accepted accepted -> false;
      case FieldSupport.Refused refused -> false;
    };
  }

  private static @Nullable Class<? extends Record> part(RecordComponent component) {
    Class<?> type =
        component.getGenericType() instanceof ParameterizedType list
            ? (Class<?>) list.getActualTypeArguments()[0]
            : component.getType();
    return type.isRecord() ? type.asSubclass(Record.class) : null;
  }

  private static String wireName(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    String own = component.getName();
    return name == null ? Character.toUpperCase(own.charAt(0)) + own.substring(1) : name.value();
  }
}
