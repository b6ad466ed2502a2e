package io.podyard.controlplane.doors;

import io.podyard.api.Action;
import io.podyard.api.FieldSupport;
import io.podyard.api.FieldTable;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter of an action as its request record declares it.
 *
 * @param name on the wire, with 1 for every index
 * @param text whether any text is of the right type
 * @param required whether the request must have it; for a list, an entry of it
 */
record WireField(String name, boolean text, boolean required, FieldSupport support) {

  /** All parameters of an action. */
  static List<WireField> of(Action action) {
    List<WireField> fields = new ArrayList<>();
    collect(action, action.requestType(), "", fields);
    return List.copyOf(fields);
  }

  private static void collect(Action action, Class<?> record, String path, List<WireField> fields) {
    for (RecordComponent component : record.getRecordComponents()) {
      String name = path.isEmpty() ? wireName(component) : path + "." + wireName(component);
      boolean required = path.isEmpty() && component.isAnnotationPresent(Required.class);
      if (component.isAnnotationPresent(JsonArrayText.class)) {
        add(action, name, false, required, fields);
      } else if (component.getGenericType() instanceof ParameterizedType list) {
        value(action, list.getActualTypeArguments()[0], name + ".1", required, fields);
      } else {
        value(action, component.getType(), name, required, fields);
      }
    }
  }

  private static void value(
      Action action, Type type, String name, boolean required, List<WireField> fields) {
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      int before = fields.size();
      collect(action, plain, name, fields);
      if (required) {
        for (int i = before; i < fields.size(); i++) {
          WireField field = fields.get(i);
          fields.set(i, new WireField(field.name(), field.text(), true, field.support()));
        }
      }
    } else {
      add(action, name, plain == String.class, required, fields);
    }
  }

  private static void add(
      Action action, String name, boolean text, boolean required, List<WireField> fields) {
    String path = name.replaceAll("\\.1(?=\\.|$)", ".N");
    fields.add(new WireField(name, text, required, FieldTable.of(action).support(path)));
  }

  private static String wireName(RecordComponent component) {
    WireName given = component.getAnnotation(WireName.class);
    return given == null
        ? Character.toUpperCase(component.getName().charAt(0)) + component.getName().substring(1)
        : given.value();
  }

  boolean inList() {
    return name.contains(".1");
  }

  /** The same with another index in its first list. */
  String withIndex(String index) {
    return name.replaceFirst("\\.1(?=\\.|$)", "." + index);
  }

  /** The first list it is in. */
  String list() {
    return name.substring(0, name.indexOf(".1"));
  }

  /** What the request's own parameter is called that it belongs to. */
  String root() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
