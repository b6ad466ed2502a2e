package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.EciJson;
import io.podyard.api.wire.Answered;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of records. A field that may be null is optional in an answer unless it is {@link
 * Answered}; which one a request must have, its record says by itself.
 *
 * <p>Generators of clients make a class of each schema, so names are chosen for their users: the
 * body of an operation is {@code <operationId>Request}, its answer {@code <operationId>Response};
 * what an answer consists of has the plain name of the thing, and what a request consists of ends
 * with {@code Request}.
 */
final class RecordSchemas {

  private static final String REQUEST_ID = "requestId";
  private static final String RESPONSE = "Response";

  private final Map<String, Schema<?>> schemas = new TreeMap<>();
  private final Map<String, Class<?>> types = new HashMap<>();
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
  Schema<?> request(Route route) {
    Set<String> inPath = Set.copyOf(route.path().variables());
    return reference(
        new Wanted(requestName(route), route.requestType(), inPath, true, false), bodyText(route));
  }

  /** The body of an answer, which the door puts a request id into. */
  Schema<?> answer(Route route) {
    return reference(
        new Wanted(route.operationId() + RESPONSE, route.responseType(), Set.of(), false, true),
        answerText(route));
  }

  /** The body of an error. */
  Schema<?> problem() {
    return part(ProblemDetails.class, false);
  }

  static String bodyText(Route route) {
    return "What `" + route.operationId() + "` is asked for.";
  }

  static String answerText(Route route) {
    return "What `" + route.operationId() + "` answers.";
  }

  private static String requestName(Route route) {
    return route.operationId() + "Request";
  }

  /**
   * A schema to refer to.
   *
   * @param without fields that are elsewhere
   * @param whole whether it is a whole answer, with the request id
   */
  private record Wanted(
      String name,
      Class<? extends Record> type,
      Set<String> without,
      boolean request,
      boolean whole) {}

  /** What a record within another one refers to. */
  private Schema<?> part(Class<? extends Record> type, boolean request) {
    return reference(
        new Wanted(name(type), type, Set.of(), request, false), texts.schema(textName(type)));
  }

  private Schema<?> reference(Wanted wanted, String description) {
    Class<?> before = types.putIfAbsent(wanted.name(), wanted.type());
    if (before != null && before != wanted.type()) {
      throw new IllegalStateException(
          "%s and %s would both be the schema %s".formatted(before, wanted.type(), wanted.name()));
    }
    Schema<?> known = schemas.get(wanted.name());
    if (known == null) {
      schemas.put(wanted.name(), object(wanted).description(description));
    } else if (!known.equals(object(wanted).description(description))) {
      throw new IllegalStateException(wanted.name() + " would have two schemas");
    }
    return new JsonSchema().$ref("#/components/schemas/" + wanted.name());
  }

  private Schema<?> object(Wanted wanted) {
    String textName = textName(wanted.type());
    Schema<?> own = new JsonSchema().types(Set.of("object"));
    List<Schema> parts = new ArrayList<>();
    if (wanted.whole()) {
      property(own, REQUEST_ID, text(textName, REQUEST_ID), true);
    }
    for (RecordComponent component : wanted.type().getRecordComponents()) {
      String field = component.getName();
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        parts.add(part(component.getType().asSubclass(Record.class), wanted.request()));
      } else if (shown.isShown(wanted.type(), component)
          && !wanted.without().contains(field)
          && !(wanted.whole() && field.equals(REQUEST_ID))
          && !texts.isHidden(textName, field)) {
        property(
            own,
            field,
            field(wanted.type(), component, wanted.request()),
            isRequired(component, wanted.request()));
      }
    }
    if (parts.isEmpty()) {
      return own;
    }
    parts.add(own);
    return new JsonSchema().allOf(parts);
  }

  private static boolean isRequired(RecordComponent component, boolean request) {
    return request
        ? component.isAnnotationPresent(Required.class)
        : component.isAnnotationPresent(Answered.class)
            || !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static void property(Schema<?> object, String name, Schema<?> schema, boolean required) {
    object.addProperty(name, schema);
    if (required) {
      object.addRequiredItem(name);
    }
  }

  private Schema<?> text(String textName, String field) {
    Schema<?> schema = new JsonSchema().types(Set.of("string"));
    showExample(schema, texts.example(textName, field));
    return schema.description(texts.field(textName, field));
  }

  /** The schema of one field, described. */
  Schema<?> field(Class<? extends Record> of, RecordComponent component, boolean request) {
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
    if (isPlain(component.getGenericType())) {
      showExample(schema, texts.example(textName(of), component.getName()));
    }
    return schema.description(texts.field(textName(of), component.getName()));
  }

  /** Whether it consists of nothing that has fields of its own. */
  private static boolean isPlain(Type type) {
    return type instanceof ParameterizedType list
        ? isPlain(list.getActualTypeArguments()[0])
        : !((Class<?>) type).isRecord();
  }

  /** Texts, and lists of one text, are given as they are, everything else as JSON. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the library's lists are not typed
  private static void showExample(Schema schema, String example) {
    if (example.isEmpty()) {
      return; // noted as missing
    }
    Set<?> types = schema.getTypes();
    Object value;
    if (types.contains("string")) {
      value = example;
    } else if (types.contains("array") && !example.startsWith("[")) {
      value = List.of(example);
    } else {
      value = EciJson.rest().readValue(example, Object.class);
    }
    schema.setExamples(List.of(value));
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
      return part(plain.asSubclass(Record.class), request);
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

  /**
   * What texts call a record: within another record, the outer one's name is in front of its own.
   */
  static String textName(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer != null && outer.isRecord()
        ? textName(outer) + type.getSimpleName()
        : type.getSimpleName();
  }

  /**
   * The name of the schema of a record that is part of something: {@code ContainerResponse} is
   * {@code Container}, {@code UsageResponse.Line} is {@code UsageLine}, and a row of a list is
   * called as the list is, so that {@code HostsResponse.Host} is {@code Host}.
   */
  static String name(Class<?> type) {
    String own = plain(type.getSimpleName());
    Class<?> outer = type.getEnclosingClass();
    if (outer == null || !outer.isRecord()) {
      return own;
    }
    String around = name(outer);
    return around.endsWith(own + "s") ? around.substring(0, around.length() - 1) : around + own;
  }

  private static String plain(String name) {
    return name.endsWith(RESPONSE) ? name.substring(0, name.length() - RESPONSE.length()) : name;
  }
}
