package io.podyard.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How one value is read from its text and written to it. Reading answers null for a text it cannot
 * read; {@link #expected} says what it would have read.
 */
enum Scalar {
  TEXT("a text"),
  BOOLEAN("true or false"),
  INTEGER("a whole number of at most 2147483647"),
  LONG("a whole number"),
  DECIMAL("a number such as 2 or 0.5"),
  INSTANT("a time such as 2018-08-02T15:00:00Z"),
  JSON_LIST("a JSON array of texts such as [\"a\",\"b\"]");

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

  /** Digits before and after the point; more would be no size, price or id. */
  private static final int MOST_DIGITS = 19;

  private final String expected;

  Scalar(String expected) {
    this.expected = expected;
  }

  static Scalar of(Class<?> type) {
    if (type == String.class) {
      return TEXT;
    } else if (type == Boolean.class) {
      return BOOLEAN;
    } else if (type == Integer.class) {
      return INTEGER;
    } else if (type == Long.class) {
      return LONG;
    } else if (type == BigDecimal.class) {
      return DECIMAL;
    } else if (type == Instant.class) {
      return INSTANT;
    }
    throw new IllegalStateException("no wire form for " + type.getName());
  }

  /** What a text must be to be read. */
  String expected() {
    return expected;
  }

  /** The value, or null if the text has another form. */
  @Nullable Object read(String text, boolean single) {
    return switch (this) {
      case TEXT -> text;
      case BOOLEAN -> bool(text);
      case INTEGER -> {
        Long number = whole(text);
        yield number == null || number.intValue() != number ? null : (Object) number.intValue();
      }
      case LONG -> whole(text);
      case DECIMAL -> decimal(text);
      case INSTANT -> instant(text);
      case JSON_LIST -> list(text, single);
    };
  }

  /** The text of a value this scalar has read, or that a client gives. */
  String write(Object value) {
    return switch (this) {
      case TEXT, BOOLEAN, INTEGER, LONG, INSTANT -> value.toString();
      case DECIMAL -> canonical((BigDecimal) value).toPlainString();
      case JSON_LIST -> JSON.writeValueAsString(value);
    };
  }

  /** The same number without trailing zeros and without an exponent. */
  static BigDecimal canonical(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static @Nullable Boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    return text.equalsIgnoreCase("false") ? false : null;
  }

  private static @Nullable Long whole(String text) {
    BigDecimal number = decimal(text);
    if (number == null || number.scale() > 0) {
      return null;
    }
    BigInteger whole = number.toBigIntegerExact();
    return whole.bitLength() < Long.SIZE ? whole.longValueExact() : null;
  }

  /** Plain digits with at most one point; an exponent could ask for a gigabyte of zeros. */
  private static @Nullable BigDecimal decimal(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int point = text.indexOf('.', start);
    int end = text.length();
    int whole = (point < 0 ? end : point) - start;
    int fraction = point < 0 ? 0 : end - point - 1;
    boolean fits =
        whole >= 1
            && whole <= MOST_DIGITS
            && fraction <= MOST_DIGITS
            && (point < 0 || fraction >= 1);
    if (!fits) {
      return null;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (i != point && (c < '0' || c > '9')) {
        return null;
      }
    }
    return canonical(new BigDecimal(text));
  }

  private static @Nullable Instant instant(String text) {
    try {
      Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
      return time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME) ? null : time;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable List<String> list(String text, boolean single) {
    if (single && !text.stripLeading().startsWith("[")) {
      return plainList(text);
    }
    JsonNode array;
    try {
      array = JSON.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
    if (array == null || !array.isArray()) {
      return null;
    }
    List<String> items = new ArrayList<>(array.size());
    for (JsonNode item : array) {
      if (!item.isString()) {
        return null;
      }
      items.add(item.stringValue());
    }
    return items;
  }

  private static @Nullable List<String> plainList(String text) {
    List<String> items = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String item = part.strip();
      if (item.isEmpty()) {
        return null;
      }
      items.add(item);
    }
    return items;
  }
}
