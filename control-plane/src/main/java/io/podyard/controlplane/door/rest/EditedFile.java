package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER;

import io.podyard.api.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request whose fields are a file that people edit. It is written again as the file, every value
 * a text, for whoever reads such files; what that finds wrong is named as the request names it.
 */
final class EditedFile {

  /** More than anyone reads. */
  private static final int MOST_PROBLEMS = 100;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A place of the file, then what is wrong there. */
  private static final Pattern AT_PLACE = Pattern.compile("([\\w.\\[\\]]+):? (.*)", Pattern.DOTALL);

  private final Class<? extends Record> type;
  private final OwnFields fields;

  /** What the request calls the entries of the file's lists. */
  private final Map<String, String> places = new HashMap<>();

  private final String text;

  private EditedFile(Class<? extends Record> type, OwnFields fields, Set<String> others) {
    this.type = type;
    this.fields = fields;
    ObjectNode root = JSON.createObjectNode();
    write(type, "", "", root);
    root.remove(others);
    this.text = root.toString();
  }

  /**
   * Reads it.
   *
   * @param others names of fields that the file does not have
   */
  static EditedFile read(Class<? extends Record> type, OwnFields fields, Set<String> others) {
    return new EditedFile(type, fields, others);
  }

  String text() {
    return text;
  }

  /**
   * What is wrong with the file.
   *
   * @param general the parameter to name where the sentence names no place
   */
  List<Problem> problems(List<String> sentences, String general) {
    return sentences.stream()
        .limit(MOST_PROBLEMS)
        .map(sentence -> problem(sentence, general))
        .toList();
  }

  private void write(Class<? extends Record> part, String wirePath, String path, ObjectNode into) {
    for (Fields.Field field : Fields.of(part).all()) {
      String wireName = wirePath + field.wireName();
      switch (field.kind()) {
        case VALUE -> {
          String value = fields.text(wireName);
          if (value != null) {
            into.put(field.name(), value);
          }
        }
        case PARTS -> {
          List<Integer> entries = fields.entries(wireName);
          if (!entries.isEmpty()) {
            ArrayNode list = into.putArray(field.name());
            for (int entry : entries) {
              String place = path + field.name() + "[" + list.size() + "]";
              places.put(place, wireName + "." + entry);
              write(
                  Fields.partOf(field),
                  wireName + "." + entry + ".",
                  place + ".",
                  list.addObject());
            }
          }
        }
        case PART, VALUES, TEXTS_IN_ONE ->
            throw new IllegalArgumentException("no file has a field like " + field.name());
      }
    }
  }

  private Problem problem(String sentence, String general) {
    Matcher matcher = AT_PLACE.matcher(sentence);
    String parameter = matcher.matches() ? parameter(matcher.group(1)) : null;
    if (parameter == null) {
      return Problem.of(INVALID_PARAMETER, general, sentence);
    }
    String what = matcher.group(2);
    return what.equals("is missing")
        ? Problem.missing(parameter)
        : Problem.of(INVALID_PARAMETER, parameter, what);
  }

  /** What the request calls a place of the file, null if it is none. */
  private @Nullable String parameter(String place) {
    String known = places.get(place);
    if (known != null) {
      return known;
    }
    int dot = place.lastIndexOf('.');
    String entry = dot < 0 ? "" : places.get(place.substring(0, dot));
    Fields.Field field = dot < 0 ? Fields.of(type).named(place) : null;
    if (field != null) {
      return field.wireName();
    }
    return dot < 0 || entry == null ? null : entry + "." + wireName(place.substring(dot + 1));
  }

  private static String wireName(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
