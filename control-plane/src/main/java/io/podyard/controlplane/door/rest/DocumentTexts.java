package io.podyard.controlplane.door.rest;

import io.podyard.api.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the document says about records, fields and error codes. {@code Record} is a record itself,
 * {@code Record.field} one field, {@code *.field} every field of that name that has no text of its
 * own. Examples of values are in a file beside: {@code Record.field} for one field, {@code field}
 * for every field and parameter of that name that has none of its own.
 */
final class DocumentTexts {

  private static final String HIDDEN = "-";
  private static final String EXAMPLE = "example.";

  private final Properties texts = new Properties();
  private final TreeSet<String> missing = new TreeSet<>();
  private final TreeSet<String> used = new TreeSet<>();

  DocumentTexts() {
    texts.putAll(read("document-texts.properties"));
    read("document-examples.properties")
        .forEach((field, example) -> texts.put(EXAMPLE + field, example));
  }

  private static Properties read(String name) {
    Properties properties = new Properties();
    try (InputStream file = DocumentTexts.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing in this build");
      }
      try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /** What a record is. */
  String schema(String record) {
    return text(record, record);
  }

  /** An example of the value of a parameter. */
  String example(String field) {
    String key = EXAMPLE + field;
    return text(key, key);
  }

  /** An example of the value of a field. */
  String example(String record, String field) {
    String own = EXAMPLE + record + "." + field;
    return text(texts.containsKey(own) ? own : EXAMPLE + field, own);
  }

  /** An example of a value that may be left out, null where there is none. */
  @Nullable String optionalExample(String record, String field) {
    String key = EXAMPLE + record + "." + field;
    return texts.containsKey(key) ? text(key, key) : null;
  }

  String field(String record, String field) {
    String own = record + "." + field;
    return text(texts.containsKey(own) ? own : "*." + field, own);
  }

  /** Whether no answer of this version has the field. */
  boolean isHidden(String record, String field) {
    return field(record, field).equals(HIDDEN);
  }

  String error(ErrorCode code) {
    String key = "error." + code.code();
    return text(key, key);
  }

  private String text(String key, String wanted) {
    String text = texts.getProperty(key);
    if (text == null) {
      missing.add(wanted);
      return "";
    }
    used.add(key);
    return text;
  }

  /** What was asked for and is not there. */
  Set<String> missing() {
    return Set.copyOf(missing);
  }

  /** What is there and was not asked for. */
  Set<String> unused() {
    TreeSet<String> unused = new TreeSet<>(texts.stringPropertyNames());
    unused.removeAll(used);
    return unused;
  }
}
