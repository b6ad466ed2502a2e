package io.podyard.runtime.docker;

import java.io.InputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** The engine's streams of documents, one after the other as they come. */
final class JsonLines implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final MappingIterator<JsonNode> documents;

  JsonLines(InputStream in) {
    documents = JSON.readerFor(JsonNode.class).readValues(in);
  }

  /** Waits for the next one; false at the end of the stream. */
  boolean hasNext() {
    return documents.hasNextValue();
  }

  JsonNode next() {
    return documents.nextValue();
  }

  @Override
  public void close() {
    documents.close();
  }
}
