package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two servers on one database never give two groups one address, and lose none. */
class VSwitchRaceTest {

  /** Of a /28 and a /29 together. */
  private static final int ADDRESSES = 12 + 4;

  private static final int CREATES = 40;

  @Test
  void ofFortyCreatesAtBothServersAsManyGetAddressesAsThereAre() throws Exception {
    try (ServerPair pair = ServerPair.start("vsw", Map.of());
        Inspection inspection = pair.inspect()) {
      inspection
          .jdbc()
          .update(
              """
              insert into vswitch (account_id, region, id, zone, cidr)
              select a.id, h.region, v.id, h.zone, v.cidr::cidr
              from account a cross join (select * from host order by id limit 1) h
                   cross join (values ('vsw-1', '192.168.60.0/28'), ('vsw-2', '192.168.61.0/29'))
                              as v (id, cidr)
              """);
      List<String> made = createAtOnce(pair);
      assertThat(made).hasSizeGreaterThanOrEqualTo(ADDRESSES).doesNotHaveDuplicates();
      assertThat(given(inspection)).hasSize(ADDRESSES).doesNotContainValue("");
      inspection.mustBeContent();
      Waiting.until("all that have an address to run", () -> running(inspection) == ADDRESSES);

      // The server that has the groups dies while some of them end; what waits gets their
      // addresses.
      Map<String, String> before = given(inspection);
      ServerProcess dying = pair.driving(inspection);
      List<String> ending = before.keySet().stream().sorted().limit(ADDRESSES / 2).toList();
      for (String id : ending) {
        delete(pair, id);
      }
      dying.kill9();
      dying.start();
      Waiting.until(
          "what ends to give its address back",
          () -> given(inspection).keySet().stream().noneMatch(ending::contains));
      // As many as there is room for, in case too few wait.
      List<String> again = createAtOnce(pair);
      Waiting.until(
          "all addresses to be in use again", () -> given(inspection).size() == ADDRESSES);
      assertThat(again.size() + made.size()).isGreaterThanOrEqualTo(ADDRESSES + ending.size());
      Map<String, String> after = given(inspection);
      before.keySet().removeAll(ending);
      assertThat(after).containsAllEntriesOf(before);
      Waiting.until("the others to run", () -> running(inspection) == ADDRESSES);
      inspection.mustBeContent();

      inspection.deleteAll(pair.driving(inspection).client());
      inspection.mustBeContent();
      assertThat(given(inspection)).isEmpty();
      assertThat(pair.first().errors()).isEmpty();
    }
  }

  private static void delete(ServerPair pair, String id) throws Exception {
    Object _ =
        pair.ask(
            Action.DELETE_CONTAINER_GROUP,
            Map.of("ContainerGroupId", id, "Force", "true"),
            Action.DELETE_CONTAINER_GROUP.responseType());
  }

  /** Groups with their addresses, which no two share. */
  private static Map<String, String> given(Inspection inspection) {
    Map<String, String> given = new HashMap<>();
    inspection
        .jdbc()
        .query(
            "select group_id, host(address) from vswitch_address where group_id is not null",
            row -> {
              given.put(row.getString(1), row.getString(2));
            });
    assertThat(given.values()).doesNotHaveDuplicates();
    return given;
  }

  /** How many groups run that really have the address they were given. */
  private static int running(Inspection inspection) {
    return Objects.requireNonNull(
        inspection
            .jdbc()
            .queryForObject(
                """
                select count(*) from container_group g join vswitch_address a on a.group_id = g.id
                where g.status = 'Running' and g.state ->> 'ip' = host(a.address)
                """,
                Integer.class));
  }

  private static List<String> createAtOnce(ServerPair pair) throws Exception {
    List<String> made = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    PodyardClient first = pair.first().client();
    PodyardClient second = pair.other(pair.first()).client();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> answers = new ArrayList<>();
      for (int i = 0; i < CREATES; i++) {
        PodyardClient client = i % 2 == 0 ? first : second;
        Callable<Optional<String>> create =
            () -> {
              start.await();
              return create(client);
            };
        answers.add(clients.submit(create));
      }
      start.countDown();
      for (Future<Optional<String>> answer : answers) {
        answer.get().ifPresent(made::add);
      }
    }
    return made;
  }

  private static Optional<String> create(PodyardClient client) {
    Map<String, String> request =
        Map.of(
            "ContainerGroupName", "addressed",
            "VSwitchId", "vsw-1,vsw-2",
            "Cpu", "0.25",
            "Memory", "0.5",
            "TerminationGracePeriodSeconds", "1",
            "Container.1.Name", "app",
            "Container.1.Image", "podyard/app:1");
    try {
      return Optional.of(
          Objects.requireNonNull(
              client
                  .call(Action.CREATE_CONTAINER_GROUP, request, CreateContainerGroupResponse.class)
                  .containerGroupId()));
    } catch (PodyardCallException refused) {
      assertThat(refused.errorCode()).contains(ErrorCode.INVALID_VSWITCH_ID_IP_NOT_ENOUGH);
      assertThat(refused.httpStatus()).isEqualTo(403);
      assertThat(refused.getMessage())
          .contains("None of the 12 addresses of VSwitchId vsw-1 (192.168.60.0/28) is free now.")
          .contains("None of the 4 addresses of VSwitchId vsw-2 (192.168.61.0/29) is free now.");
      return Optional.empty();
    }
  }
}
