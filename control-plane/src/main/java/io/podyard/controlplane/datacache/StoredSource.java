package io.podyard.controlplane.datacache;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.DataSourceOptions;
import io.podyard.runtime.DataSourceReading;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a cache has its data from, as it was asked for. It is kept sealed, bound to its cache:
 * among the options may be the secret of a key.
 *
 * @param type {@code URL}, {@code NAS}, {@code OSS} or {@code SNAPSHOT}
 */
record StoredSource(String type, SortedMap<String, String> options) {

  static final String SNAPSHOT = "SNAPSHOT";
  static final String SNAPSHOT_ID = "snapshotId";
  private static final String SECRET = "akSecret";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Document(String type, Map<String, String> options) {}

  StoredSource {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  static StoredSource opened(SecretBox secrets, String sealed, String cache) {
    Document document = JSON.readValue(secrets.open(sealed, cache), Document.class);
    return new StoredSource(document.type(), new TreeMap<>(document.options()));
  }

  String sealed(SecretBox secrets, String cache) {
    return secrets.seal(JSON.writeValueAsString(new Document(type, options)), cache);
  }

  /** What answers show of the options: all but the secret. */
  String shownOptions() {
    SortedMap<String, String> shown = new TreeMap<>(options);
    shown.remove(SECRET);
    return JSON.writeValueAsString(shown);
  }

  /** What hosts are asked to read. */
  DataSource source() {
    return switch (DataSourceOptions.read(type, options)) {
      case DataSourceReading.Understood(DataSource source) -> source;
      case DataSourceReading.Refused refused ->
          throw new IllegalStateException("stored, but refused: " + refused.reasons());
    };
  }

  @Override
  public String toString() {
    return type + " " + options.keySet();
  }
}
