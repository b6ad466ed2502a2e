package io.podyard.runtime.docker.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Status and headers of an answer. */
record HttpHead(int status, Map<String, List<String>> headers) {

  private static final int LONGEST_LINE = 64 * 1024;
  private static final int MOST_HEADERS = 200;

  /** Reads one, stepping over those that only say that another follows. */
  static HttpHead read(InputStream in) throws IOException {
    HttpHead head = readOne(in);
    while (head.status >= 100 && head.status < 200 && head.status != 101) {
      head = readOne(in);
    }
    return head;
  }

  private static HttpHead readOne(InputStream in) throws IOException {
    String start = line(in);
    if (!start.startsWith("HTTP/1.") || start.length() < 12) {
      throw new IOException("the engine does not answer in HTTP/1.1: " + start);
    }
    int status;
    try {
      status = Integer.parseInt(start.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new IOException("the engine's answer has no status: " + start, e);
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < MOST_HEADERS; i++) {
      String header = line(in);
      if (header.isEmpty()) {
        return new HttpHead(status, headers);
      }
      int colon = header.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(header.substring(0, colon).strip(), _ -> new ArrayList<>())
            .add(header.substring(colon + 1).strip());
      }
    }
    throw new IOException("the engine's answer has more than " + MOST_HEADERS + " headers");
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("the engine's answer has an overlong header");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  String first(String name) {
    List<String> values = headers.get(name);
    return values == null ? "" : values.getFirst();
  }

  /** What follows the head. */
  InputStream body(InputStream in, String method) throws IOException {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (first("Transfer-Encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      return new ChunkedBody(in);
    }
    String length = first("Content-Length");
    if (length.isEmpty() || status == 101) {
      return in;
    }
    try {
      return new SizedBody(in, Long.parseLong(length));
    } catch (NumberFormatException e) {
      throw new IOException("the engine's answer has no usable length: " + length, e);
    }
  }
}
