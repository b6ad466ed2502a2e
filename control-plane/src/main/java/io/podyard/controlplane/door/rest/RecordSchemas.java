package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.OneOf;
import io.podyard.api.wire.Required;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of records. A field that may be null is optional in an answer; which one a request
 * must have, its record says by itself.
 */
final class RecordSchemas {

  private static final String REQUEST_ID = "requestId";

  private final Map<String, Schema<?>> schemas = new TreeMap<>();
  private final ShownFields shown;
  private final DocumentTexts texts;

  RecordSchemas(ShownFields shown, DocumentTexts texts) {
    this.shown = shown;
    this.texts = texts;
  }

  /** All that were referred to, by name. */
  Map<String, Schema<?>> all() {
    return schemas;
  }

  /** The body of a request, without the fields that its path has. */
  Schema<?> request(Class<? extends Record> type, Set<String> inPath) {
    return reference(type, inPath, true, false);
  }

  /** The body of an answer, which the door puts a request id into. */
  Schema<?> answer(Class<? extends Record> type) {
    return reference(type, Set.of(), false, true);
  }

  /** The body of an error. */
  Schema<?> problem() {
    return reference(ProblemDetails.class, Set.of(), false, false);
  }

  private Schema<?> reference(
      Class<? extends Record> type, Set<String> without, boolean request, boolean whole) {
    String name = name(type);
    Schema<?> known = schemas.get(name);
    if (known == null) {
      schemas.put(name, object(name, type, without, request, whole));
    } else if (!known.equals(object(name, type, without, request, whole))) {
      throw new IllegalStateException(name + " would have two schemas");
    }
    return new JsonSchema().$ref("#/components/schemas/" + name);
  }

  private Schema<?> object(
      String name,
      Class<? extends Record> type,
      Set<String> without,
      boolean request,
      boolean whole) {
    Schema<?> own = new JsonSchema().types(Set.of("object"));
    List<Schema> parts = new ArrayList<>();
    if (whole) {
      property(own, REQUEST_ID, text(name, REQUEST_ID), true);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String field = component.getName();
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        parts.add(
            reference(component.getType().asSubclass(Record.class), Set.of(), request, false));
      } else if (shown.isShown(type, component)
          && !without.contains(field)
          && !(whole && field.equals(REQUEST_ID))
          && !texts.isHidden(name, field)) {
        property(
            own,
            field,
            field(name, component, request),
            request
                ? component.isAnnotationPresent(Required.class)
                : !component.getAnnotatedType().isAnnotationPresent(Nullable.class));
      }
    }
    if (parts.isEmpty()) {
      return own;
    }
    parts.add(own);
    return new JsonSchema().allOf(parts);
  }

  private static void property(Schema<?> object, String name, Schema<?> schema, boolean required) {
    object.addProperty(name, schema);
    if (required) {
      object.addRequiredItem(name);
    }
  }

  private Schema<?> text(String schema, String field) {
    return new JsonSchema().types(Set.of("string")).description(texts.field(schema, field));
  }

  /** The schema of one field, described. */
  Schema<?> field(String schemaName, RecordComponent component, boolean request) {
    Schema<?> schema = type(component.getGenericType(), request);
    InRange range = component.getAnnotation(InRange.class);
    if (range != null) {
      schema.minimum(BigDecimal.valueOf(range.min())).maximum(BigDecimal.valueOf(range.max()));
    }
    OneOf oneOf = component.getAnnotation(OneOf.class);
    if (oneOf != null) {
      for (String text : oneOf.value()) {
        addEnum(schema, text);
      }
    }
    return schema.description(texts.field(schemaName, component.getName()));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the library's lists are not typed
  private static void addEnum(Schema schema, String text) {
    schema.addEnumItemObject(text);
  }

  private Schema<?> type(Type type, boolean request) {
    if (type instanceof ParameterizedType list) {
      return new JsonSchema()
          .types(Set.of("array"))
          .items(type(list.getActualTypeArguments()[0], request));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return reference(plain.asSubclass(Record.class), Set.of(), request, false);
    } else if (plain == String.class) {
      return new JsonSchema().types(Set.of("string"));
    } else if (plain == Boolean.class || plain == boolean.class) {
      return new JsonSchema().types(Set.of("boolean"));
    } else if (plain == Integer.class || plain == int.class) {
      return new JsonSchema().types(Set.of("integer")).format("int32");
    } else if (plain == Long.class || plain == long.class) {
      return new JsonSchema().types(Set.of("integer")).format("int64");
    } else if (plain == BigDecimal.class) {
      return new JsonSchema().types(Set.of("number"));
    } else if (plain == Instant.class) {
      return new JsonSchema().types(Set.of("string")).format("date-time");
    }
    throw new IllegalStateException("no schema for " + plain.getName());
  }

  /** A record within a record has the outer one's name in front of its own. */
  static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer != null && outer.isRecord()
        ? name(outer) + type.getSimpleName()
        : type.getSimpleName();
  }
}
