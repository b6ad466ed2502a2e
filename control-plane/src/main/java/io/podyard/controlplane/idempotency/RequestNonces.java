package io.podyard.controlplane.idempotency;

import io.podyard.controlplane.write.Columns;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Nonces that were used, shared by all processes and remembered across restarts. */
@Component
public class RequestNonces {

  private record Key(String accessKey, String nonce) {}

  private final JdbcTemplate jdbc;

  public RequestNonces(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Burns nonces inside the caller's transaction.
   *
   * @return for each of the given uses whether it was fresh; a missing one counts as fresh
   */
  public List<Boolean> burn(List<? extends @Nullable NonceUse> uses) {
    List<Key> keys =
        uses.stream()
            .filter(Objects::nonNull)
            .map(RequestNonces::key)
            .distinct()
            .sorted(Comparator.comparing(Key::accessKey).thenComparing(Key::nonce))
            .toList();
    Set<Key> fresh =
        keys.isEmpty()
            ? new HashSet<>()
            : new HashSet<>(
                jdbc.query(
                    """
                    insert into request_nonce (access_key_id, nonce)
                    select * from unnest(?::text[], ?::text[])
                    on conflict do nothing
                    returning access_key_id, nonce
                    """,
                    Columns.of(keys).text(Key::accessKey).text(Key::nonce),
                    (row, n) -> new Key(row.getString(1), row.getString(2))));
    // remove: of two equal nonces in one batch only the first is fresh
    return uses.stream().map(use -> use == null || fresh.remove(key(use))).toList();
  }

  private static Key key(NonceUse use) {
    return new Key(use.key().value(), use.nonce());
  }
}
