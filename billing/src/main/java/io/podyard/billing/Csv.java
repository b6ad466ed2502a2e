package io.podyard.billing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comma-separated values as RFC 4180 has them; what is not there is an empty field. */
public final class Csv {

  private final Appendable out;

  public Csv(Appendable out) {
    this.out = out;
  }

  /**
   * Writes a row.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void row(List<? extends @Nullable String> fields) {
    try {
      for (int i = 0; i < fields.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        field(fields.get(i));
      }
      out.append("\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void field(@Nullable String text) throws IOException {
    if (text == null) {
      return;
    }
    if (text.isEmpty() || text.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0)) {
      out.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      out.append(text);
    }
  }
}
