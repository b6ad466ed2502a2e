package io.podyard.controlplane.budget;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.podyard.controlplane.account.AccountRole;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.settings.BudgetSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Tells webhooks what is to be told, at least once each: an attempt is noted before it is made, and
 * what a process leaves undone another one, or the next, tries again. No transaction is open
 * meanwhile.
 */
@Component
class WebhookDeliveries implements SmartLifecycle {

  /** The name of the attempt, for tests that kill the process. */
  static final String POINT = "webhook";

  static final String DELIVERY = "X-Podyard-Delivery";
  static final String TIMESTAMP = "X-Podyard-Timestamp";
  static final String SIGNATURE = "X-Podyard-Signature";

  private static final int AT_ONCE = 16;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofHours(1);

  /** After the end of an attempt whose process died, until it is made again. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private static final int LONGEST_PROBLEM = 500;
  private static final Logger log = LoggerFactory.getLogger(WebhookDeliveries.class);

  /** One that is to be tried now. */
  private record Due(
      UUID id,
      AccountId account,
      String budget,
      String body,
      int attempts,
      @Nullable String url,
      @Nullable String sealedSecret,
      boolean operator) {}

  private final JdbcTemplate jdbc;
  private final SecretBox box;
  private final WebhookTargets targets;
  private final BudgetSettings settings;
  private final CommitPoints points;
  private final Clock clock;
  private final Counter delivered;
  private final Counter failed;
  private final Rounds rounds = new Rounds(log, Loop.BUDGETS, "webhooks", 1);

  WebhookDeliveries(
      JdbcTemplate jdbc,
      SecretBox box,
      WebhookTargets targets,
      PodyardSettings settings,
      CommitPoints points,
      Clock clock,
      MeterRegistry metrics) {
    this.jdbc = jdbc;
    this.box = box;
    this.targets = targets;
    this.settings = settings.budgets();
    this.points = points;
    this.clock = clock;
    this.delivered = counter(metrics, "delivered");
    this.failed = counter(metrics, "failed");
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder("podyard.webhook.attempts")
        .description("Attempts to tell a webhook")
        .tag("outcome", outcome)
        .register(metrics);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "telling webhooks", this::round);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }

  private void round() throws InterruptedException {
    giveUp();
    List<Due> due = claim();
    if (due.isEmpty()) {
      return;
    }
    List<Callable<Object>> attempts = new ArrayList<>();
    due.forEach(one -> attempts.add(Executors.callable(() -> attempt(one))));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ = threads.invokeAll(attempts);
    }
  }

  /** What nobody took in time is not told any more. */
  private void giveUp() {
    jdbc.query(
        """
        update webhook_delivery set given_up_at = now()
        where delivered_at is null and given_up_at is null and next_try_at <= now()
          and deadline <= now()
        returning id, account_id, budget, attempts, last_problem
        """,
        row -> {
          log.warn(
              "Webhook {} of budget {} of account {} is given up after {} attempts: {}",
              row.getString(1),
              row.getString(3),
              row.getString(2),
              row.getInt(4),
              row.getString(5));
        });
  }

  /** Notes an attempt of each: if this process dies now, it is the next one's after a while. */
  private List<Due> claim() {
    Duration attempt = settings.webhookTimeout().plus(SLACK);
    return jdbc.query(
        """
        update webhook_delivery d
        set attempts = d.attempts + 1, last_try_at = now(),
            next_try_at = now() + make_interval(secs => ?)
        from budget b join account a on a.id = b.account_id
        where b.account_id = d.account_id and b.name = d.budget and d.id in (
          select id from webhook_delivery
          where delivered_at is null and given_up_at is null and next_try_at <= now()
          order by next_try_at limit ? for update skip locked)
        returning d.id, d.account_id, d.budget, d.body, d.attempts, b.webhook_url, b.sealed_secret,
                  a.role
        """,
        (row, n) -> due(row),
        attempt.toMillis() / 1e3,
        AT_ONCE);
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getObject(1, UUID.class),
        new AccountId(row.getString(2)),
        row.getString(3),
        row.getString(4),
        row.getInt(5),
        row.getString(6),
        row.getString(7),
        row.getString(8).equals(AccountRole.OPERATOR.name()));
  }

  private void attempt(Due due) {
    points.reached(POINT, CommitPoints.Side.BEFORE);
    Integer status = null;
    String problem;
    try {
      status = post(due);
      problem = status < 300 ? null : "it was answered with " + status;
    } catch (IOException | SecretNotOpenedException e) {
      problem = String.valueOf(e.getMessage());
    }
    points.reached(POINT, CommitPoints.Side.AFTER);
    if (problem == null) {
      delivered.increment();
    } else {
      failed.increment();
      log.info(
          "Webhook {} of budget {} of account {} is tried again: {}",
          due.id(),
          due.budget(),
          due.account(),
          problem);
    }
    jdbc.update(
        """
        update webhook_delivery
        set delivered_at = case when ?::text is null then now() end, last_status = ?,
            last_problem = left(?, ?), next_try_at = now() + make_interval(secs => ?)
        where id = ? and delivered_at is null
        """,
        problem,
        status,
        problem,
        LONGEST_PROBLEM,
        backOff(due.attempts()).toMillis() / 1e3,
        due.id());
  }

  private int post(Due due) throws IOException {
    String url = due.url();
    String sealed = due.sealedSecret();
    if (url == null || sealed == null) {
      throw new IOException("the budget has no webhook any more");
    }
    Optional<String> closed = targets.problem(url, due.operator());
    if (closed.isPresent()) {
      throw new IOException("the webhook " + closed.get());
    }
    String timestamp = String.valueOf(clock.instant().getEpochSecond());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "Podyard");
    headers.put(DELIVERY, due.id().toString());
    headers.put(TIMESTAMP, timestamp);
    headers.put(
        SIGNATURE,
        signature(
            box.open(sealed, Budgets.context(due.account(), due.budget())),
            timestamp + "." + due.id() + "." + due.body()));
    return WebhookCall.post(URI.create(url), headers, due.body(), settings.webhookTimeout());
  }

  static String signature(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "v1=" + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is not usable in this Java", e);
    }
  }

  /** After so many attempts. */
  private Duration backOff(int attempts) {
    Duration pause = settings.webhookRetry();
    for (int i = 1; i < attempts && pause.compareTo(LONGEST_BACK_OFF) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_BACK_OFF) < 0 ? pause : LONGEST_BACK_OFF;
  }
}
