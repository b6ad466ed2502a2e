package io.podyard.controlplane.bill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.billing.AccountHour;
import io.podyard.billing.AgreementId;
import io.podyard.billing.BillMonth;
import io.podyard.billing.ChargeKind;
import io.podyard.billing.Hour;
import io.podyard.billing.Item;
import io.podyard.billing.LineSlot;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceFacts;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import io.podyard.billing.Why;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Settled lines that nobody settled, for tests of what is made of them. */
public final class PlantedLines {

  public static final CurrencyCode CNY = new CurrencyCode("CNY");
  public static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  public static final ZoneId ZONE_B = new ZoneId("cn-hangzhou-b");
  public static final BigDecimal VCPU_PRICE = new BigDecimal("0.000049");

  private final JdbcTemplate jdbc;
  private final AccountId account;

  public PlantedLines(JdbcTemplate jdbc, AccountId account) {
    this.jdbc = jdbc;
    this.account = account;
  }

  /** So many vCPU-seconds of a group, settled and on the bill of its month. */
  public SettledLine vcpu(String group, String hour, String units) {
    SettledLine line = line(group, hour, 0, units, null);
    add(BillMonth.containing(line.of().hour().start()), line);
    settled(line.of().hour());
    return line;
  }

  /** So many vCPU-seconds that were paid for and not used, so that nothing need be metered. */
  public void unused(String agreement, String hour, String units) {
    LineSlot slot =
        new LineSlot(
            new Resource(ResourceKind.SAVINGS_PLAN, agreement),
            HANGZHOU,
            ZONE_B,
            Item.VCPU,
            ChargeKind.UNUSED,
            new AgreementId(agreement),
            VCPU_PRICE,
            VCPU_PRICE,
            CNY);
    SettledLine line = line(new Hour(Instant.parse(hour)), slot, 0, new BigDecimal(units), null);
    add(BillMonth.containing(line.of().hour().start()), line);
    settled(line.of().hour());
  }

  /** A line of vCPU-seconds that is nowhere yet. */
  public SettledLine line(
      String group, String hour, int revision, String units, @Nullable Why why) {
    return line(new Resource(ResourceKind.CONTAINER_GROUP, group), hour, revision, units, why);
  }

  /** The same of a group, or of a cache for the vCPU with which it is made. */
  public SettledLine line(Resource of, String hour, int revision, String units, @Nullable Why why) {
    LineSlot slot =
        new LineSlot(
            of, HANGZHOU, ZONE_B, Item.VCPU, ChargeKind.USAGE, null, VCPU_PRICE, VCPU_PRICE, CNY);
    return line(new Hour(Instant.parse(hour)), slot, revision, new BigDecimal(units), why);
  }

  public SettledLine line(
      Hour hour, LineSlot slot, int revision, BigDecimal units, @Nullable Why why) {
    return new SettledLine(
        new AccountHour(account, hour),
        slot,
        revision,
        units,
        new Money(units.multiply(slot.unitPrice()), slot.currency()),
        why);
  }

  public void add(BillMonth month, SettledLine... lines) {
    add(month, List.of(lines));
  }

  public void add(BillMonth month, List<SettledLine> lines) {
    jdbc.batchUpdate(
        """
        insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision,
          bill_month, region, zone, item, kind, agreement_id, list_price, unit_price, currency,
          units, amount, why)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        lines,
        1000,
        (statement, line) -> {
          LineSlot slot = line.slot();
          int column = 0;
          for (Object value :
              new @Nullable Object[] {
                line.of().account().value(),
                timestamp(line.of().hour().start()),
                slot.resource().kind().code(),
                slot.resource().id(),
                UUID.nameUUIDFromBytes(line.key().getBytes(UTF_8)),
                line.revision(),
                month.value().atDay(1),
                text(slot.region()),
                text(slot.zone()),
                text(slot.item()),
                slot.kind().code(),
                text(slot.agreement()),
                slot.listPrice(),
                slot.unitPrice(),
                slot.currency().value(),
                line.units(),
                line.amount().amount(),
                line.why() == null ? null : line.why().code()
              }) {
            column++;
            statement.setObject(column, value);
          }
        });
  }

  /** From an hour on, to another or for good. */
  public void facts(
      Resource resource,
      String from,
      @Nullable String to,
      @Nullable String name,
      Map<String, String> tags) {
    facts(
        resource,
        Instant.parse(from),
        to == null ? null : Instant.parse(to),
        new ResourceFacts(name, tags));
  }

  void facts(Resource resource, Instant from, @Nullable Instant to, ResourceFacts facts) {
    jdbc.update(
        """
        insert into billed_resource
          (account_id, resource_kind, resource_id, from_hour, to_hour, name, tags)
        values (?, ?, ?, ?, coalesce(?::timestamptz, 'infinity'), ?, ?::jsonb)
        """,
        account.value(),
        resource.kind().code(),
        resource.id(),
        timestamp(from),
        to == null ? null : timestamp(to),
        facts.name(),
        JsonMapper.builder().build().writeValueAsString(facts.tags()));
  }

  /** The account was charged for the hour. */
  public void settled(Hour hour) {
    jdbc.update(
        """
        insert into account_hour (account_id, hour, due, settled_at) values (?, ?, false, now())
        on conflict do nothing
        """,
        account.value(),
        timestamp(hour.start()));
  }

  /** Everybody who used something in these hours is known. */
  public static void listed(JdbcTemplate jdbc, String from, String to) {
    jdbc.update(
        """
        insert into metered_hour (hour, horizon, listed)
        select h, '1', true
        from generate_series(?::timestamptz, ?::timestamptz - interval '1 h', '1 h') h
        on conflict do nothing
        """,
        from,
        to);
  }

  /** What a server does by itself now and then. */
  public static void closeWhatIsOver(TestServer server) {
    server.bean(BillClosing.class).round();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
