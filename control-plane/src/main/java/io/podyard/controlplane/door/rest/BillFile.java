package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.controlplane.bill.BillExports;
import io.podyard.controlplane.door.HttpAnswer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;

/** A bill as a file, which is written while it is sent. */
sealed interface BillFile {

  /** How many settled lines there are to come. */
  String LINES = "Podyard-Lines";

  /** Under which it is saved: letters, digits, {@code -}, {@code _} and {@code .} */
  String name();

  String mediaType();

  BillExports.Export export();

  /** Comma-separated values. */
  record Csv(String name, BillExports.Export export) implements BillFile {

    /** In UTF-8, which needs no word of its own (RFC 7111). */
    static final String MEDIA_TYPE = "text/csv";

    @Override
    public String mediaType() {
      return MEDIA_TYPE;
    }
  }

  /**
   * The lines, in the form that was asked for.
   *
   * @param json whether as an object of JSON each, else as comma-separated values
   */
  record Lines(String name, boolean json, BillExports.Export export) implements BillFile {

    /** One value of JSON a line, each ended by a line feed. */
    static final String NDJSON = "application/x-ndjson";

    @Override
    public String mediaType() {
      return json ? NDJSON : Csv.MEDIA_TYPE;
    }
  }

  default HttpAnswer.Stream stream() {
    return new HttpAnswer.Stream() {

      @Override
      public void writeTo(OutputStream out) throws IOException {
        // Never closed: a file that breaks off must not end as a whole one does.
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
        export().writeTo(writer);
        writer.flush();
      }

      @Override
      public void close() {
        export().close();
      }
    };
  }
}
