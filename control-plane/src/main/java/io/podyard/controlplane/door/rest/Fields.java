package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.WireName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a record: how they are called in JSON and in parameters of the RPC wire. Read from
 * each record once.
 */
final class Fields {

  /** What a field holds. */
  enum Kind {
    VALUE,
    /** Texts that travel as one text on the RPC wire. */
    TEXTS_IN_ONE,
    VALUES,
    PART,
    PARTS
  }

  /**
   * A field.
   *
   * @param name in JSON
   * @param part the record it holds or lists, null for values
   */
  record Field(String name, String wireName, Kind kind, @Nullable Class<? extends Record> part) {}

  private static final Map<Class<?>, Fields> KNOWN = new ConcurrentHashMap<>();

  private final Map<String, Field> byName = new LinkedHashMap<>();
  private final Map<String, Field> byWireName = new LinkedHashMap<>();

  private Fields(Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      Field field = field(component);
      byName.put(field.name(), field);
      byWireName.put(field.wireName(), field);
    }
  }

  static Fields of(Class<? extends Record> type) {
    return KNOWN.computeIfAbsent(type, Fields::new);
  }

  /** The field of this name in JSON, null if there is none. */
  @Nullable Field named(String name) {
    return byName.get(name);
  }

  /** In their order. */
  List<Field> all() {
    return List.copyOf(byName.values());
  }

  /** The place of a field, or of what it holds, among all; the greatest number for what is none. */
  int position(String wireName) {
    int dot = wireName.indexOf('.');
    String top = dot < 0 ? wireName : wireName.substring(0, dot);
    int position = List.copyOf(byWireName.keySet()).indexOf(top);
    return position < 0 ? Integer.MAX_VALUE : position;
  }

  boolean hasWireName(String wireName) {
    return byWireName.containsKey(wireName);
  }

  /** The record that a field holds or lists. */
  static Class<? extends Record> partOf(Field field) {
    Class<? extends Record> part = field.part();
    if (part == null) {
      throw new IllegalArgumentException(field.name() + " has no parts");
    }
    return part;
  }

  /** The first field that holds one value, null if there is none. */
  @Nullable Field firstValue() {
    for (Field field : byName.values()) {
      if (field.kind() == Kind.VALUE) {
        return field;
      }
    }
    return null;
  }

  /**
   * What JSON calls a parameter: {@code Container.1.EnvironmentVar.2.Key} is {@code
   * container[0].environmentVar[1].key}. A name that is no field's stays as it is, and so does what
   * follows the name of a text that is a document of its own.
   */
  static String restName(Class<? extends Record> type, String parameter) {
    StringBuilder name = new StringBuilder();
    Class<? extends Record> at = type;
    boolean indexed = false;
    boolean text = false;
    for (String part : parameter.split("\\.", -1)) {
      if (text) {
        name.append('.').append(part);
        continue;
      }
      if (indexed && part.matches("[1-9][0-9]{0,8}")) {
        name.append('[').append(Integer.parseInt(part) - 1).append(']');
        indexed = false;
        continue;
      }
      Field field = at == null ? null : of(at).byWireName.get(part);
      if (field == null) {
        return parameter;
      }
      name.append(name.isEmpty() ? "" : ".").append(field.name());
      at = field.part();
      indexed = field.kind() != Kind.PART && field.kind() != Kind.VALUE;
      text = field.kind() == Kind.VALUE;
    }
    return name.toString();
  }

  private static Field field(RecordComponent component) {
    WireName given = component.getAnnotation(WireName.class);
    String name = component.getName();
    String wireName =
        given == null ? Character.toUpperCase(name.charAt(0)) + name.substring(1) : given.value();
    if (component.isAnnotationPresent(JsonArrayText.class)) {
      return new Field(name, wireName, Kind.TEXTS_IN_ONE, null);
    }
    if (component.getGenericType() instanceof ParameterizedType list
        && list.getRawType() == List.class) {
      Class<?> item = (Class<?>) list.getActualTypeArguments()[0];
      return item.isRecord()
          ? new Field(name, wireName, Kind.PARTS, item.asSubclass(Record.class))
          : new Field(name, wireName, Kind.VALUES, null);
    }
    Class<?> plain = component.getType();
    return plain.isRecord()
        ? new Field(name, wireName, Kind.PART, plain.asSubclass(Record.class))
        : new Field(name, wireName, Kind.VALUE, null);
  }
}
