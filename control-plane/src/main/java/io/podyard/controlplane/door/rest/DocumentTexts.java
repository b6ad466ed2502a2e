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

/**
 * What the document says about fields and error codes. {@code Schema.field} is one field, {@code
 * *.field} every field of that name that has no text of its own.
 */
final class DocumentTexts {

  private static final String HIDDEN = "-";
  private static final String FILE = "document-texts.properties";

  private final Properties texts = new Properties();
  private final TreeSet<String> missing = new TreeSet<>();
  private final TreeSet<String> used = new TreeSet<>();

  DocumentTexts() {
    try (InputStream file = DocumentTexts.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is missing in this build");
      }
      try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
        texts.load(reader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String field(String schema, String field) {
    String own = schema + "." + field;
    return text(texts.containsKey(own) ? own : "*." + field, own);
  }

  /** Whether no answer of this version has the field. */
  boolean isHidden(String schema, String field) {
    return field(schema, field).equals(HIDDEN);
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
