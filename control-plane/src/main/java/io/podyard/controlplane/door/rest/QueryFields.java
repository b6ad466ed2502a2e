package io.podyard.controlplane.door.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a query into the parameters of the RPC wire. A list is its name several times; a pair of
 * key and value is written {@code key=value}, or {@code key} for any value.
 */
final class QueryFields {

  private static final String NOT_ONE = "is not a query parameter of this operation";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private QueryFields() {}

  /**
   * Reads a query.
   *
   * @param elsewhere fields that do not belong into the query
   */
  static void read(
      List<Map.Entry<String, String>> query,
      Class<? extends Record> type,
      Set<String> elsewhere,
      FieldValues values) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    query.forEach(
        pair ->
            given.computeIfAbsent(pair.getKey(), name -> new ArrayList<>()).add(pair.getValue()));
    given.forEach(
        (name, texts) -> {
          Fields.Field field = elsewhere.contains(name) ? null : Fields.of(type).named(name);
          if (field == null) {
            values.refuseUnknown(name, NOT_ONE);
          } else {
            read(field, texts, values);
          }
        });
  }

  private static void read(Fields.Field field, List<String> texts, FieldValues values) {
    switch (field.kind()) {
      case VALUE -> {
        if (texts.size() > 1) {
          values.refuse(field.wireName(), "is given twice");
        } else {
          values.put(field.wireName(), texts.getFirst());
        }
      }
      case TEXTS_IN_ONE ->
          values.put(
              field.wireName(),
              texts.size() == 1 ? texts.getFirst() : JSON.writeValueAsString(texts));
      case VALUES -> {
        for (int i = 0; i < texts.size(); i++) {
          values.put(field.wireName() + "." + (i + 1), texts.get(i));
        }
      }
      case PARTS -> {
        for (int i = 0; i < texts.size(); i++) {
          pair(field.wireName() + "." + (i + 1), texts.get(i), values);
        }
      }
      case PART -> values.refuse(field.wireName(), NOT_ONE);
    }
  }

  /** The only parts that operations without a body list are tags. */
  private static void pair(String wireName, String text, FieldValues values) {
    int equals = text.indexOf('=');
    values.put(wireName + ".Key", equals < 0 ? text : text.substring(0, equals));
    if (equals >= 0) {
      values.put(wireName + ".Value", text.substring(equals + 1));
    }
  }
}
