package io.podyard.controlplane.specification;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.FieldSupport;
import io.podyard.api.FieldTable;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of {@code docs/specification} and compares the answers; sends to each action,
 * one by one, the fields that it refuses.
 */
class SpecificationTest {

  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withGpus("4xA10")
                .with("podyard.example-prices", "true")
                .with("podyard.allowed-capabilities", "NET_ADMIN,NET_RAW")
                .with("podyard.allowed-sysctls", "net.core.somaxconn")
                .with("podyard.docker.host-paths", "/srv/specification:rw")
                .with("podyard.quotas.max-cpu", "40")
                .with("podyard.ops.tcpdump-image", "registry.test/tcpdump:1")
                .with("podyard.ops.core-dumps", "64MB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  static Path folder() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/specification"))) {
      root = root.getParent();
    }
    return root.resolve("docs/specification");
  }

  @TestFactory
  Stream<DynamicNode> everyPageHolds() throws IOException {
    return Page.all(folder()).stream()
        .map(
            page -> {
              Speakers speakers = new Speakers();
              return DynamicContainer.dynamicContainer(
                  page.name(),
                  page.sections().stream()
                      .map(
                          section ->
                              DynamicTest.dynamicTest(
                                  section.title(), () -> speakers.hold(page, section))));
            });
  }

  /** With a request that is right otherwise: the first of its action in the pages. */
  @TestFactory
  Stream<DynamicNode> everyRefusedFieldIsRefusedByName() throws IOException {
    List<Page> pages = Page.all(folder());
    List<DynamicNode> tests = new ArrayList<>();
    Speakers speakers = new Speakers();
    for (Action action : Action.values()) {
      List<DynamicTest> fields = new ArrayList<>();
      FieldTable.of(action)
          .fields()
          .forEach(
              (field, support) -> {
                if (support instanceof FieldSupport.Refused refused) {
                  fields.add(
                      DynamicTest.dynamicTest(
                          field,
                          () -> speakers.refuse(example(action, pages), action, field, refused)));
                }
              });
      if (!fields.isEmpty()) {
        tests.add(DynamicContainer.dynamicContainer(action.wireName(), fields));
      }
    }
    return tests.stream();
  }

  private static Map<String, String> example(Action action, List<Page> pages) {
    return pages.stream()
        .flatMap(page -> page.sections().stream())
        .flatMap(section -> section.exchanges().stream())
        .filter(exchange -> exchange.action() == action)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no page has a request of " + action.wireName()))
        .parameters();
  }

  /** The accounts of one page and what its answers said. */
  private final class Speakers {

    private final Map<String, PodyardClient> clients = new HashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    private PodyardClient client(String account) {
      return clients.computeIfAbsent(
          account, _ -> server.client(server.newAccount(), SignatureVersion.V3));
    }

    void hold(Page page, Page.Section section) {
      for (Page.Exchange exchange : section.exchanges()) {
        try {
          hold(exchange);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              "%s.md, line %d: %s".formatted(page.name(), exchange.line(), e.getMessage()), e);
        }
      }
    }

    private void hold(Page.Exchange exchange) {
      switch (exchange.expectation()) {
        case Expectation.Answer answer when answer.soon() -> holdSoon(exchange, answer);
        case Expectation.Answer answer -> answer.check(call(exchange), variables);
        case Expectation.Refusal(int status, String code, List<String> words) -> {
          PodyardCallException refusal = refusal(exchange);
          assertThat(refusal.errorCode().map(ErrorCode::code))
              .as(refusal.getMessage())
              .contains(code);
          assertThat(refusal.httpStatus()).isEqualTo(status);
          assertThat(refusal.requestId()).isNotEmpty();
          for (String word : words) {
            assertThat(refusal.getMessage()).contains(Variables.in(word, variables));
          }
        }
      }
    }

    /** A refusal is an answer that does not hold yet. */
    private void holdSoon(Page.Exchange exchange, Expectation.Answer answer) {
      AtomicReference<@Nullable Throwable> last = new AtomicReference<>();
      try {
        Waiting.until(
            () -> {
              try {
                answer.check(call(exchange), variables);
                return true;
              } catch (AssertionError | PodyardCallException e) {
                last.set(e);
                return false;
              }
            });
      } catch (AssertionError e) {
        throw new AssertionError(Objects.requireNonNullElse(last.get(), e));
      }
    }

    private PodyardCallException refusal(Page.Exchange exchange) {
      JsonNode answer;
      try {
        answer = call(exchange);
      } catch (PodyardCallException refusal) {
        return refusal;
      }
      throw new AssertionError("was answered " + answer);
    }

    private JsonNode call(Page.Exchange exchange) {
      Map<String, String> parameters = new LinkedHashMap<>();
      exchange
          .parameters()
          .forEach((name, value) -> parameters.put(name, Variables.in(value, variables)));
      return client(exchange.account()).call(exchange.action(), parameters, JsonNode.class);
    }

    void refuse(
        Map<String, String> example, Action action, String field, FieldSupport.Refused refused) {
      Map<String, String> parameters = new LinkedHashMap<>();
      example.forEach((name, value) -> parameters.put(name, value.replaceAll("\\$\\{\\w+}", "x")));
      String name = field.replaceAll("\\bN\\b", "1");
      parameters.put(name, refused.accepted().contains("false") ? "true" : "7");
      PodyardCallException refusal;
      try {
        JsonNode answer = client("").call(action, parameters, JsonNode.class);
        throw new AssertionError("was answered " + answer);
      } catch (PodyardCallException e) {
        refusal = e;
      }
      assertThat(refusal.httpStatus()).isEqualTo(400);
      assertThat(refusal.getMessage()).contains(name + ":", refused.reason());
    }
  }
}
