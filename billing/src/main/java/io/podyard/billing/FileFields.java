package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the fields of a file that people edit, collecting every mistake with its place. */
final class FileFields {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<String> problems = new ArrayList<>();

  /** What was wrong until now. */
  List<String> problems() {
    return problems;
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  /** The object that a file holds, null after noting what is wrong with it. */
  static @Nullable JsonNode root(String text, List<String> problems) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      problems.add(
          "line %d is not JSON: %s".formatted(e.getLocation().getLineNr(), e.getOriginalMessage()));
      return null;
    }
  }

  /** Whether it is an object of this format; notes what else is wrong with it. */
  boolean isFile(JsonNode root, Set<String> known, String wanted) {
    if (!root.isObject()) {
      problems.add("the file must hold one JSON object");
      return false;
    }
    refuseOthers(root, known, "");
    String format = text(root, "format", "", Function.identity());
    if (format != null && !format.equals(wanted)) {
      problems.add("format must be '%s', not '%s'".formatted(wanted, format));
    }
    if (root.has("about")) {
      String unused = text(root, "about", "", Function.identity());
    }
    return true;
  }

  /** The value of a field that must be there, or null after noting what is wrong with it. */
  <T> @Nullable T text(JsonNode node, String field, String at, Function<String, T> reading) {
    JsonNode value = node.get(field);
    if (value == null) {
      problems.add(at + field + " is missing");
      return null;
    }
    if (!value.isString()) {
      problems.add(at + field + " must be a text in quotes, not " + value);
      return null;
    }
    try {
      return reading.apply(value.stringValue());
    } catch (IllegalArgumentException e) {
      problems.add(at + field + ": " + e.getMessage());
      return null;
    }
  }

  void refuseOthers(JsonNode node, Set<String> known, String at) {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        problems.add(at + name + " is not known");
      }
    }
  }

  static Item item(String code) {
    return Item.ofCode(code)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("must be one of %s, a model of GPUs like gpu-A10, or an instance type like"
                            + " ecs.g7.large, not '%s'")
                        .formatted(Item.parts(), code)));
  }

  static CurrencyCode currency(String code) {
    try {
      return new CurrencyCode(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be an ISO 4217 code, not '" + code + "'", e);
    }
  }

  static BigDecimal decimal(String number) {
    // Ordinary notation only: '1e999999999' would be a number too, and one that cannot be written.
    if (!number.matches("[0-9]{1,12}(\\.[0-9]{1,30})?")) {
      throw new IllegalArgumentException("must be a number like 0.000049, not '" + number + "'");
    }
    return new BigDecimal(number);
  }

  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "must be a UTC time like 2018-08-08T00:00:00Z, not '" + text + "'", e);
    }
  }
}
