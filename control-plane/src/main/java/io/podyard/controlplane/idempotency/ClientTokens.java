package io.podyard.controlplane.idempotency;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.DatabaseFailures;
import io.podyard.controlplane.write.Together;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Client tokens: one effect for each (account, region, action, token), committed with the effect.
 */
@Component
public class ClientTokens {

  private record Key(String account, String region, String action, String token) {
    static Key of(TokenClaim claim) {
      return new Key(
          claim.account().value(), claim.region().value(), claim.action(), claim.token());
    }
  }

  private record Holder(String fingerprint, String resourceId) {}

  /**
   * With the time that a claim may have lost before in a batch of several, it is less than a caller
   * is kept waiting.
   */
  static final Duration WAIT_ALONE = Duration.ofMillis(1_200);

  private static final Duration WAIT_WITH_OTHERS = Duration.ofMillis(400);

  private final JdbcTemplate jdbc;

  public ClientTokens(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Claims tokens inside the caller's transaction. Waits for a concurrent transaction that claims
   * one of them: {@link #WAIT_ALONE} for a single claim, less for several, as one holds up all the
   * others.
   *
   * @return an outcome for each claim; a missing claim is granted
   * @throws ApiException {@code LastTokenProcessing} if the other transaction is not over by then;
   *     the caller's is void
   */
  public List<TokenClaim.Outcome> claim(List<? extends @Nullable TokenClaim> claims) {
    Map<Key, TokenClaim> firsts = new HashMap<>();
    for (TokenClaim claim : claims) {
      if (claim != null) {
        firsts.putIfAbsent(Key.of(claim), claim);
      }
    }
    if (firsts.isEmpty()) {
      return claims.stream()
          .<TokenClaim.Outcome>map(c -> new TokenClaim.Outcome.Granted())
          .toList();
    }
    // One order for all processes, or two batches could wait for each other.
    List<TokenClaim> ordered =
        firsts.values().stream()
            .sorted(
                Comparator.comparing((TokenClaim c) -> c.account().value())
                    .thenComparing(c -> c.region().value())
                    .thenComparing(TokenClaim::action)
                    .thenComparing(TokenClaim::token))
            .toList();
    Set<Key> granted = new HashSet<>();
    Map<Key, Holder> holders = new HashMap<>();
    List<TokenClaim> open = ordered;
    while (!open.isEmpty()) {
      granted.addAll(insert(open));
      List<TokenClaim> lost =
          open.stream().filter(claim -> !granted.contains(Key.of(claim))).toList();
      if (!lost.isEmpty()) {
        readHolders(lost, holders);
      }
      // One whose holder was cleared away between the two statements is free after all.
      open = lost.stream().filter(claim -> !holders.containsKey(Key.of(claim))).toList();
    }
    return claims.stream().map(claim -> outcome(claim, granted, firsts, holders)).toList();
  }

  /**
   * What a token stands for already: a replay or a mismatch, or empty if it is free. Claims nothing
   * and waits for nobody.
   */
  public Optional<TokenClaim.Outcome> find(TokenClaim claim) {
    Map<Key, Holder> holders = new HashMap<>();
    readHolders(List.of(claim), holders);
    return Optional.ofNullable(holders.get(Key.of(claim))).map(holder -> compare(claim, holder));
  }

  /**
   * What a request is answered whose token stands for something already, empty if it stands for
   * nothing or there is none. Claims nothing and waits for nobody.
   *
   * @param replay for what the token was given to by the same request
   * @param mismatch for a token of another request
   */
  public <T> Optional<T> answered(
      @Nullable TokenClaim claim, Function<String, T> replay, Supplier<T> mismatch) {
    return Optional.ofNullable(claim)
        .flatMap(this::find)
        .map(
            found ->
                switch (found) {
                  case TokenClaim.Outcome.Replay(String first) -> replay.apply(first);
                  case TokenClaim.Outcome.Mismatch _ -> mismatch.get();
                  case TokenClaim.Outcome.Granted _ ->
                      throw new IllegalStateException("a look at a token granted it");
                });
  }

  /**
   * Frees tokens that the caller's transaction was granted and whose request it then refused: a
   * refusal changes nothing, so the token stands for nothing.
   */
  public void giveBack(List<TokenClaim> granted) {
    if (granted.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        delete from client_token t
        using unnest(?::text[], ?::text[], ?::text[], ?::text[]) as c (account_id, region, action, token)
        where t.account_id = c.account_id and t.region = c.region and t.action = c.action
          and t.token = c.token
        """,
        columns(granted));
  }

  private static TokenClaim.Outcome outcome(
      @Nullable TokenClaim claim,
      Set<Key> granted,
      Map<Key, TokenClaim> firsts,
      Map<Key, Holder> holders) {
    if (claim == null) {
      return new TokenClaim.Outcome.Granted();
    }
    Key key = Key.of(claim);
    TokenClaim first = Objects.requireNonNull(firsts.get(key));
    if (granted.contains(key)) {
      if (first == claim) {
        return new TokenClaim.Outcome.Granted();
      }
      return compare(claim, new Holder(first.fingerprint(), first.resourceId()));
    }
    return compare(claim, Objects.requireNonNull(holders.get(key)));
  }

  private static TokenClaim.Outcome compare(TokenClaim claim, Holder holder) {
    return claim.fingerprint().equals(holder.fingerprint())
        ? new TokenClaim.Outcome.Replay(holder.resourceId())
        : new TokenClaim.Outcome.Mismatch();
  }

  private Set<Key> insert(List<TokenClaim> claims) {
    Duration wait = claims.size() == 1 ? WAIT_ALONE : WAIT_WITH_OTHERS;
    Set<Key> inserted = new HashSet<>();
    Together statements = new Together(jdbc);
    // The limit is for this insert alone.
    statements.add("set local lock_timeout = " + wait.toMillis());
    statements.add(
        """
        insert into client_token (account_id, region, action, token, fingerprint, resource_id)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
        on conflict do nothing
        returning account_id, region, action, token
        """,
        columns(claims).text(TokenClaim::fingerprint).text(TokenClaim::resourceId),
        row ->
            inserted.add(
                new Key(row.getString(1), row.getString(2), row.getString(3), row.getString(4))));
    statements.add("set local lock_timeout = 0");
    try {
      statements.send();
      return inserted;
    } catch (DataAccessException failure) {
      if (DatabaseFailures.isLockTimeout(failure)) {
        throw new ApiException(
            ErrorCode.LAST_TOKEN_PROCESSING,
            "An earlier request with this ClientToken is still under way. Repeat this one.",
            failure);
      }
      throw failure;
    }
  }

  private void readHolders(List<TokenClaim> claims, Map<Key, Holder> holders) {
    jdbc.query(
        """
        select t.account_id, t.region, t.action, t.token, t.fingerprint, t.resource_id
        from client_token t
        join unnest(?::text[], ?::text[], ?::text[], ?::text[]) as c (account_id, region, action, token)
        using (account_id, region, action, token)
        """,
        columns(claims),
        row -> {
          holders.put(
              new Key(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
              new Holder(row.getString(5), row.getString(6)));
        });
  }

  private static Columns<TokenClaim> columns(List<TokenClaim> claims) {
    return Columns.of(claims)
        .text(c -> c.account().value())
        .text(c -> c.region().value())
        .text(TokenClaim::action)
        .text(TokenClaim::token);
  }
}
