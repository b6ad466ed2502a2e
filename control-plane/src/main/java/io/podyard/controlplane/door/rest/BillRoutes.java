package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Grouping;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.bill.BillExports;
import io.podyard.controlplane.bill.Bills;
import io.podyard.controlplane.bill.GroupingText;
import io.podyard.controlplane.bill.MonthBill;
import io.podyard.model.AccountId;
import java.time.YearMonth;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Bills of accounts and months. */
@Configuration(proxyBeanMethods = false)
class BillRoutes {

  private static final String ALL = "/bills";
  private static final String ONE = ALL + "/{month}";
  private static final String MONTH = "Month";
  private static final String CSV = "csv";
  private static final String JSON = "json";

  /** For the document: a line. */
  static final String LINE_AS_JSON =
      """
      {"lineId":"a41d6f28-07be-3e19-91c2-c5d8e7b3a602","accountId":"acct-k2v8w0q5m1x7c3b9",\
      "billMonth":"2026-03","hour":"2026-03-10T08:00:00Z","resourceKind":"container-group",\
      "resourceId":"eci-web","resourceName":"shop","revision":0,"regionId":"cn-hangzhou",\
      "zoneId":"cn-hangzhou-b","item":"vcpu","kind":"usage","units":"7200",\
      "unit":"vCPU-seconds","listPrice":"0.000049","unitPrice":"0.000049","amount":"0.3528",\
      "currency":"CNY","sentence":"7200 vCPU-seconds x 0.000049 CNY = 0.3528 CNY",\
      "settledAt":"2026-03-10T09:01:02.345678Z","tags":{"team":"blue"}}
      """;

  private static final int BILLS_BY_DEFAULT = 12;
  private static final int MOST_BILLS = 100;
  private static final int SUMS_BY_DEFAULT = 100;
  private static final int MOST_SUMS = 10_000;

  private final Bills bills;
  private final BillExports exports;
  private final AskedAccount accounts;

  BillRoutes(Bills bills, BillExports exports, AskedAccount accounts) {
    this.bills = bills;
    this.exports = exports;
    this.accounts = accounts;
  }

  @Bean
  Route describeBillsRoute() {
    return Route.own(
        "DescribeBills",
        "GET",
        ALL,
        BillShapes.BillsRequest.class,
        BillShapes.BillsResponse.class,
        this::list,
        RouteText.of(
                RouteText.BILLS,
                "List bills",
                """
                The bills of an account, one for each month (UTC) in which it was charged anything, \
                and that of the present month, the newest first. Lines are added to a bill that is \
                `running`; one that is `closed` never changes, and what is learnt later is on the \
                next open one.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION));
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    int limit = fields.limit("Limit", BILLS_BY_DEFAULT, MOST_BILLS);
    BillMonth before = month(fields, "NextToken", "is none that this server has given out");
    return () -> {
      PageOfRows<MonthBill> page = PageOfRows.of(bills.page(account, before, limit + 1), limit);
      return new BillShapes.BillsResponse(
          account.value(),
          page.map(BillShapes.BillResponse::of),
          page.nextToken(bill -> bill.month().toString()));
    };
  }

  @Bean
  Route describeBillRoute() {
    return Route.own(
        "DescribeBill",
        "GET",
        ONE,
        BillShapes.OneBillRequest.class,
        BillShapes.OneBillResponse.class,
        this::describe,
        RouteText.of(
                RouteText.BILLS,
                "Read a bill",
                """
                What an account owes for a month: the exact sum of its settled lines, the lines that \
                round it, and the total, in each currency. With `groupBy` also what the lines add up \
                to by item, container group, image cache, zone, day or the value of a tag; together \
                with `others`, if not all are listed, those are the exact sum.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION));
  }

  private Route.OwnCall describe(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    BillMonth month = month(fields);
    String groupBy = fields.text("GroupBy");
    Grouping grouping = grouping(fields, groupBy);
    int limit = fields.limit("Limit", SUMS_BY_DEFAULT, MOST_SUMS);
    return () ->
        BillShapes.OneBillResponse.of(
            account,
            bills.of(account, Objects.requireNonNull(month), grouping, limit),
            groupBy,
            limit);
  }

  @Bean
  Route exportBillLinesRoute() {
    return Route.own(
        "ExportBillLines",
        "GET",
        ONE + "/lines",
        BillShapes.BillLinesRequest.class,
        BillFile.Lines.class,
        this::exportLines,
        RouteText.of(
                RouteText.BILLS,
                "Download the lines of a bill",
                """
                Every settled line of a bill, in order of hour and resource: as comma-separated \
                values, whose columns are always these, in this order, new ones last; or, with \
                `format=json`, each as an object of JSON with fields of the same names, which ends \
                with a line feed. Numbers in it are exact decimals as texts, but `revision`; what is \
                empty in the columns is absent, but `tags`, which is an object. The amounts add up to \
                the exact sum of the bill. A download that breaks off does not end as HTTP wants it, \
                so that clients report it.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION)
            .answerExample(
                """
                lineId,accountId,billMonth,hour,resourceKind,resourceId,resourceName,revision,...
                """));
  }

  private Route.OwnCall exportLines(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    BillMonth month = month(fields);
    String format = fields.text("Format");
    boolean json = JSON.equals(format);
    if (format != null && !json && !format.equals(CSV)) {
      fields.refuse("Format", format, "must be csv or json");
    }
    return () -> {
      BillMonth asked = Objects.requireNonNull(month);
      return new BillFile.Lines(
          name(account, asked, "lines", json ? "ndjson" : CSV),
          json,
          json ? exports.linesAsJson(account, asked) : exports.lines(account, asked));
    };
  }

  @Bean
  Route exportBillFocusRoute() {
    return Route.own(
        "ExportBillFocus",
        "GET",
        ONE + "/focus",
        BillShapes.BillFileRequest.class,
        BillFile.Csv.class,
        this::exportFocus,
        RouteText.of(
                RouteText.BILLS,
                "Download a bill for FinOps tools",
                """
                The bill as a dataset of FOCUS 1.2 (FinOps Open Cost and Usage Specification), \
                rounding included, as comma-separated values. Lines of an hour that correct one \
                another are one row. A download that breaks off does not end as HTTP wants it, so \
                that clients report it.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION)
            .answerExample(
                """
                AvailabilityZone,BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,...
                """));
  }

  private Route.OwnCall exportFocus(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    BillMonth month = month(fields);
    return () -> {
      BillMonth asked = Objects.requireNonNull(month);
      return new BillFile.Csv(name(account, asked, "focus", CSV), exports.focus(account, asked));
    };
  }

  private static String name(AccountId account, BillMonth month, String what, String ending) {
    return "podyard-%s-%s-%s.%s".formatted(account, month, what, ending);
  }

  /** Null after a problem is noted. */
  static @Nullable Grouping grouping(OwnFields fields, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Optional<Grouping> grouping = GroupingText.read(text);
    if (grouping.isEmpty()) {
      fields.refuse("GroupBy", text, GroupingText.ALLOWED);
    }
    return grouping.orElse(null);
  }

  private static @Nullable BillMonth month(OwnFields fields) {
    return month(fields, MONTH, "must be a month such as 2026-03");
  }

  private static @Nullable BillMonth month(OwnFields fields, String name, String problem) {
    String text = fields.text(name);
    if (text == null) {
      return null;
    }
    if (!text.matches("[1-9][0-9]{3}-(0[1-9]|1[0-2])")) {
      fields.refuse(name, text, problem);
      return null;
    }
    return new BillMonth(YearMonth.parse(text));
  }
}
