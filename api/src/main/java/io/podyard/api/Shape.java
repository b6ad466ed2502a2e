package io.podyard.api;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.OneOf;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireName;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the codec knows of a request type, read from the record once: a tree of records, lists and
 * single values, each value with its support. Looking up a parameter walks this tree, so an unknown
 * or endless name costs no more than the tree is deep.
 */
sealed interface Shape {

  /**
   * A record.
   *
   * @param byName the members by wire name and alias
   * @param flattened what is sent as a part of this record and is one of a member, by its name:
   *     where it belongs
   * @param constructor takes all components as one array
   */
  record OfRecord(
      List<Member> members,
      Map<String, Member> byName,
      Map<String, String> flattened,
      MethodHandle constructor)
      implements Shape {}

  /** A list with indices from 1 to {@code maxItems}. */
  record OfList(Shape item, int maxItems) implements Shape {}

  /** A value written as one text. */
  record OfValue(
      Scalar scalar,
      FieldSupport support,
      boolean freeText,
      @Nullable InRange range,
      List<String> oneOf,
      @Nullable JsonList jsonList)
      implements Shape {}

  /** How a value holds a list in one text. */
  record JsonList(int maxItems, boolean single) {}

  /**
   * A component of a record.
   *
   * @param accessor takes the record and gives the component, both as Object
   */
  record Member(
      String wireName, int ordinal, boolean required, Shape shape, MethodHandle accessor) {}

  /** The shape of an action's request, made on first use. */
  static OfRecord of(Action action) {
    return Cache.SHAPES.computeIfAbsent(
        action, a -> Reader.record(a.requestType(), "", FieldTable.of(a)));
  }

  /** Holds the shapes; reading them needs reflection, which is slow. */
  final class Cache {
    private static final Map<Action, OfRecord> SHAPES = new ConcurrentHashMap<>();

    private Cache() {}
  }

  /** Reads record types. Anything it cannot read is a mistake in a record of this module. */
  final class Reader {

    private Reader() {}

    static OfRecord record(Class<?> type, String path, FieldTable table) {
      RecordComponent[] components = type.getRecordComponents();
      List<Member> members = new ArrayList<>(components.length);
      Map<String, Member> byName = new HashMap<>();
      Map<String, String> flattened = new HashMap<>();
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?>[] types = new Class<?>[components.length];
      try {
        for (int i = 0; i < components.length; i++) {
          RecordComponent component = components[i];
          types[i] = component.getType();
          String name = WireNames.of(component);
          MethodHandle accessor =
              lookup
                  .unreflect(component.getAccessor())
                  .asType(MethodType.methodType(Object.class, Object.class));
          String memberPath = path.isEmpty() ? name : path + "." + name;
          Member member =
              new Member(
                  name,
                  i,
                  component.isAnnotationPresent(Required.class),
                  shape(component, memberPath, table),
                  accessor);
          members.add(member);
          byName.put(name, member);
          WireName wireName = component.getAnnotation(WireName.class);
          if (wireName != null) {
            for (String alias : wireName.aliases()) {
              byName.put(alias, member);
            }
            for (String part : wireName.flattened()) {
              flattened.put(name + part, name + "." + part);
            }
          }
        }
        MethodHandle constructor =
            lookup
                .findConstructor(type, MethodType.methodType(void.class, types))
                .asType(MethodType.genericMethodType(types.length))
                .asSpreader(Object[].class, types.length);
        return new OfRecord(
            List.copyOf(members), Map.copyOf(byName), Map.copyOf(flattened), constructor);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read the record " + type.getName(), e);
      }
    }

    private static Shape shape(RecordComponent component, String path, FieldTable table) {
      Type type = component.getGenericType();
      MaxItems max = component.getAnnotation(MaxItems.class);
      JsonArrayText json = component.getAnnotation(JsonArrayText.class);
      if (json != null) {
        return value(
            Scalar.JSON_LIST,
            component,
            path,
            table,
            new JsonList(limit(max, path), json.single()));
      }
      if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
        Class<?> item = (Class<?>) list.getActualTypeArguments()[0];
        String itemPath = path + ".N";
        Shape itemShape =
            item.isRecord()
                ? record(item, itemPath, table)
                : value(Scalar.of(item), component, itemPath, table, null);
        return new OfList(itemShape, limit(max, path));
      }
      Class<?> plain = (Class<?>) type;
      return plain.isRecord()
          ? record(plain, path, table)
          : value(Scalar.of(plain), component, path, table, null);
    }

    private static OfValue value(
        Scalar scalar,
        RecordComponent component,
        String path,
        FieldTable table,
        @Nullable JsonList jsonList) {
      OneOf oneOf = component.getAnnotation(OneOf.class);
      return new OfValue(
          scalar,
          table.support(path),
          component.isAnnotationPresent(FreeText.class),
          component.getAnnotation(InRange.class),
          oneOf == null ? List.of() : Arrays.asList(oneOf.value()),
          jsonList);
    }

    private static int limit(@Nullable MaxItems max, String path) {
      if (max == null) {
        throw new IllegalStateException(path + " is a list without a limit");
      }
      return max.value();
    }
  }
}
