package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.controlplane.bill.BillExports;
import io.podyard.controlplane.door.HttpAnswer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;

/**
 * A bill as a file.
 *
 * @param name under which it is saved: letters, digits, {@code -}, {@code _} and {@code .}
 */
record CsvFile(String name, BillExports.Export export) {

  /** In UTF-8, which needs no word of its own (RFC 7111). */
  static final String MEDIA_TYPE = "text/csv";

  /** How many settled lines there are to come. */
  static final String LINES = "Podyard-Lines";

  HttpAnswer.Stream stream() {
    return new HttpAnswer.Stream() {

      @Override
      public void writeTo(OutputStream out) throws IOException {
        // Never closed: a file that breaks off must not end as a whole one does.
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
        export.writeTo(writer);
        writer.flush();
      }

      @Override
      public void close() {
        export.close();
      }
    };
  }
}
