package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a JSON object into the parameters of the RPC wire. Names are strict: there is no field but
 * those of the record. Values are taken as they are written, so that no number passes through
 * binary floating point; what they may be is checked where the RPC door checks it.
 */
final class JsonBody {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private final JsonParser json;
  private final FieldValues values;

  private JsonBody(JsonParser json, FieldValues values) {
    this.json = json;
    this.values = values;
  }

  /**
   * Reads a body; an empty one is an empty object.
   *
   * @param elsewhere fields that do not belong into the body
   * @throws ApiException if it is not a JSON object
   */
  static void read(
      byte[] body, Class<? extends Record> type, Set<String> elsewhere, FieldValues values) {
    if (body.length == 0) {
      return;
    }
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw notAnObject(null);
      }
      new JsonBody(json, values).members(type, "", "", elsewhere);
      if (json.nextToken() != null) {
        throw notAnObject(null);
      }
    } catch (JacksonException e) {
      throw notAnObject(e);
    }
  }

  private static ApiException notAnObject(@Nullable JacksonException e) {
    // Not the parser's own message: it quotes the body, and that may hold secrets.
    String where =
        e == null || e.getLocation() == null
            ? ""
            : "; it goes wrong in line %d at column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new ApiException(
        ErrorCode.INVALID_PARAMETER,
        "The body must be one JSON object, each of its names given once" + where + ".",
        e);
  }

  /** Reads up to the end of the object; whether it had any field is answered. */
  private boolean members(
      Class<? extends Record> type, String wirePath, String path, Set<String> elsewhere) {
    boolean any = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      any = true;
      Fields.Field field = Fields.of(type).named(name);
      if (field == null) {
        values.refuseUnknown(path + name, "is not a field of this request");
        json.skipChildren();
      } else if (elsewhere.contains(name)) {
        values.refuse(wirePath + field.wireName(), "is given by the path");
        json.skipChildren();
      } else {
        value(field, wirePath + field.wireName(), path + name);
      }
    }
    return any;
  }

  private void value(Fields.Field field, String wireName, String path) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    switch (field.kind()) {
      case VALUE -> single(wireName);
      case TEXTS_IN_ONE -> texts(wireName);
      case VALUES -> list(wireName, index -> single(wireName + "." + index));
      case PART -> {
        if (isObject(wireName)) {
          members(Fields.partOf(field), wireName + ".", path + ".", Set.of());
        }
      }
      case PARTS ->
          list(
              wireName,
              index -> entry(field, wireName + "." + index, path + "[" + (index - 1) + "]"));
    }
  }

  private void single(String wireName) {
    if (json.currentToken().isScalarValue()) {
      values.put(wireName, json.getString());
    } else {
      json.skipChildren();
      values.refuse(wireName, "must be a single value");
    }
  }

  private boolean isObject(String wireName) {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return true;
    }
    json.skipChildren();
    values.refuse(wireName, "must be an object");
    return false;
  }

  private void entry(Fields.Field field, String wireName, String path) {
    if (!isObject(wireName)) {
      return;
    }
    Class<? extends Record> type = Fields.partOf(field);
    boolean any = members(type, wireName + ".", path + ".", Set.of());
    Fields.Field first = Fields.of(type).firstValue();
    if (!any && first != null) {
      // An empty object is an entry all the same, and is asked for what it lacks.
      values.put(wireName + "." + first.wireName(), "");
    }
  }

  private void texts(String wireName) {
    List<String> texts = new ArrayList<>();
    boolean read =
        list(
            wireName,
            index -> {
              if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.add(json.getString());
              } else {
                json.skipChildren();
                values.refuse(wireName + "." + index, "must be a text");
              }
            });
    if (read) {
      values.put(wireName, JSON.writeValueAsString(texts));
    }
  }

  /** Reads an array; nulls in it are left out, as everywhere. */
  private boolean list(String wireName, IntConsumer entry) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      values.refuse(wireName, "must be a list");
      return false;
    }
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      index++;
      if (json.currentToken() != JsonToken.VALUE_NULL) {
        entry.accept(index);
      }
    }
    return true;
  }
}
