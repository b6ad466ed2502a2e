package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.Agreement;
import io.podyard.billing.Hour;
import io.podyard.controlplane.agreement.AgreementsOfAccounts;
import io.podyard.controlplane.settlement.AgreementsOf;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/** Agreements of accounts: what hours that have begun are paid for never changes. */
class AgreementRoutesTest {

  private static final String FAR = "2090-01-01T00:00:00Z";

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final RestClient operator = new RestClient(server.endpoint(), server.operator());
  private final RestClient user = new RestClient(server.endpoint(), key);
  private final DocumentedShapes shapes = new DocumentedShapes(operator.get("/v3/api-docs").json());
  private final AgreementsOfAccounts agreements = server.bean(AgreementsOfAccounts.class);
  private final String path = "/v1/accounts/" + key.account() + "/agreements";

  private JsonNode checked(String operationId, RestClient.Answer answer) {
    answer.ok();
    assertThat(shapes.differences(operationId, answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private JsonNode put(String file) {
    return checked("PutAccountAgreements", operator.put(path, file));
  }

  private String refused(String file) {
    RestClient.Answer answer = operator.put(path, file);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    return answer.json().path("detail").asString();
  }

  private static String file(String... discounts) {
    return "{\"format\": \"podyard-agreements/1\", \"discounts\": ["
        + String.join(",", discounts)
        + "]}";
  }

  private static String discount(String id, String share, String from, String more) {
    return "{\"id\": \"%s\", \"items\": \"ecs.%s\", \"share\": \"%s\", \"from\": \"%s\" %s}"
        .formatted(id, id, share, from, more);
  }

  private static String to(Hour hour) {
    return ", \"to\": \"" + hour + "\"";
  }

  private static Hour next() {
    return Hour.containing(Instant.now()).next();
  }

  /** As one is that was agreed on in time. */
  private void begun(String id, String from) {
    server
        .jdbc()
        .execute(
            """
            do $$ begin
              alter table agreement disable trigger begun_agreement_stays;
              insert into agreement (account_id, id, kind, document, from_hour, created_by)
              values ('%s', '%s', 'discounts',
                '{"id": "%s", "items": "ecs.%s", "share": "0.5", "from": "%s"}', '%s', 'test');
              alter table agreement enable trigger begun_agreement_stays;
            end $$
            """
                .formatted(key.account(), id, id, id, from, from));
  }

  private int changes() {
    return checked(
            "ListAgreementChanges", operator.get(path.replace("agreements", "agreement-changes")))
        .path("agreementChanges")
        .size();
  }

  private AccountId account() {
    return key.account();
  }

  @Test
  void whatIsAgreedOnCountsWhenHoursAreSettled() {
    Hour hour = Hour.containing(Instant.now());
    begun("settled", hour.toString());
    AgreementsOf settling = server.bean(AgreementsOf.class);
    assertThat(settling.of(account())).isEqualTo(agreements.of(account()));
    assertThat(settling.of(account()).all()).hasSize(1);
    assertThat(settling.validIn(hour)).contains(account());
    assertThat(settling.validIn(Hour.containing(hour.start().minusSeconds(1))))
        .doesNotContain(account());
  }

  @Test
  void theFileIsPutReadBackAndPutAgainWithoutAChange() {
    String file =
        """
        {"format": "podyard-agreements/1", "about": "a test",
         "discounts": [{"id": "ten", "items": "*", "share": "0.9", "from": "%s", "to": "2091-01-01T00:00:00Z"}],
         "reservedInstances": [{"id": "ri", "instanceType": "ecs.g7.large", "region": "cn-hangzhou",
           "zone": "cn-hangzhou-b", "count": 2, "currency": "CNY", "perSecond": "0.0001", "from": "%s"}],
         "savingsPlans": [{"id": "sp", "currency": "CNY", "perHour": 10, "years": 3,
           "rates": [{"items": "vcpu", "share": "0.6"}, {"items": "ecs.*", "share": 0.55}],
           "from": "%s"}]}
        """
            .formatted(FAR, FAR, FAR);
    JsonNode dry = put("{\"dryRun\": true, " + file.substring(1));
    assertThat(agreements.of(account()).all()).isEmpty();

    JsonNode done = put(file);

    assertThat(done.path("added")).isEqualTo(dry.path("added"));
    assertThat(agreements.of(account()).all())
        .extracting(Agreement::id)
        .asString()
        .contains("ri", "sp", "ten");
    RestClient.Answer exported = operator.get(path);
    JsonNode listed = checked("ListAccountAgreements", exported);
    assertThat(listed.path("savingsPlans").path(0).path("rates").size()).isEqualTo(2);
    JsonNode own = checked("ListAgreements", user.get("/v1/agreements"));
    assertThat(own.path("discounts")).isEqualTo(listed.path("discounts"));
    JsonNode again = put(exported.body());
    assertThat(again.path("added").path("discounts")).isEmpty();
    assertThat(again.path("gone").path("savingsPlans")).isEmpty();
    assertThat(changes()).isEqualTo(1);

    put(file());
    assertThat(agreements.of(account()).all()).as("none had begun").isEmpty();
    JsonNode change =
        checked(
                "ListAgreementChanges",
                operator.get(path.replace("agreements", "agreement-changes?limit=1")))
            .path("agreementChanges")
            .path(0);
    assertThat(change.path("gone")).isEqualTo(done.path("added"));
    assertThat(change.path("accessKeyId").asString()).isEqualTo(server.operator().id());
  }

  @Test
  void anAgreementThatHasBegunOnlyGetsAnEnd() {
    String longAgo = "2020-01-01T00:00:00Z";
    begun("old", longAgo);
    begun("older", longAgo.replace("2020", "2019"));
    Hour next = next();

    assertThat(
            refused(
                file(
                    discount("old", "0.4", longAgo, ""),
                    discount("late", "0.4", Hour.containing(Instant.now()).toString(), ""))))
        .contains(
            "old has begun at",
            "nothing of it can change but its end",
            "older has begun at",
            "must not be left out",
            "late begins at");
    assertThat(agreements.of(account()).all()).hasSize(2);
    assertThat(
            refused(
                file(
                    discount(
                        "old",
                        "0.5",
                        longAgo,
                        to(Hour.containing(Instant.now().minusSeconds(7200)))),
                    discount("older", "0.5", "2019-01-01T00:00:00Z", ""))))
        .contains("old has begun", next.toString());
    assertThat(changes()).isZero();

    JsonNode ended =
        put(
            file(
                discount("old", "0.5", longAgo, to(next.next())),
                discount("older", "0.5", "2019-01-01T00:00:00Z", to(next.next())),
                discount("new", "0.6", next.next().toString(), "")));
    assertThat(ended.path("gone").path("discounts").size()).isEqualTo(2);
    assertThat(ended.path("added").path("discounts").size()).isEqualTo(3);
    assertThat(agreements.of(account()).all()).hasSize(3);
    assertThat(agreements.validIn(Hour.containing(Instant.now()))).contains(account());
    assertThat(agreements.validIn(Hour.containing(Instant.parse("2018-01-01T00:00:00Z"))))
        .doesNotContain(account());
  }

  @Test
  void theDatabaseItselfKeepsWhatHasBegun() {
    begun("kept", "2020-01-01T00:00:00Z");
    for (String edit :
        List.of(
            "update agreement set document = '{}' where account_id = '%s'",
            "update agreement set from_hour = '2021-01-01T00:00:00Z' where account_id = '%s'",
            "update agreement set to_hour = '2021-01-01T00:00:00Z' where account_id = '%s'",
            "delete from agreement where account_id = '%s'",
            """
            insert into agreement (account_id, id, kind, document, from_hour, created_by)
            values ('%s', 'back', 'discounts', '{}', '2021-01-01T00:00:00Z', 'test')
            """)) {
      assertThatThrownBy(() -> server.jdbc().update(edit.formatted(account())))
          .as(edit)
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("hours that have begun");
    }
  }

  @Test
  void nobodyIsNoAccount() {
    assertThat(operator.get("/v1/accounts/acct-nobody/agreements").wrongFields())
        .containsExactly("accountId");
    assertThat(
            operator.send("PUT", "/v1/accounts/acct-nobody/agreements", file(), Map.of()).status())
        .isEqualTo(404);
  }
}
