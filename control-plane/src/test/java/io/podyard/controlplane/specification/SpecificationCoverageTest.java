package io.podyard.controlplane.specification;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.FieldSupport;
import io.podyard.api.FieldTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pages of the specification leave nothing out. */
class SpecificationCoverageTest {

  private static final Path CONTRACT =
      SpecificationTest.folder()
          .resolve("../../api/src/test/resources/io/podyard/api/eci/actions.json");

  private static Stream<Page.Exchange> exchanges(Action action) throws IOException {
    return Page.all(SpecificationTest.folder()).stream()
        .flatMap(page -> page.sections().stream())
        .flatMap(section -> section.exchanges().stream())
        .filter(exchange -> exchange.action() == action);
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldThatIsTakenIsInARequestThatSucceeds(Action action) throws IOException {
    Set<String> sent =
        exchanges(action)
            .filter(exchange -> exchange.expectation() instanceof Expectation.Answer)
            .flatMap(exchange -> exchange.parameters().keySet().stream())
            .map(name -> name.replaceAll("\\.\\d+(?=\\.|$)", ".N"))
            .collect(Collectors.toSet());
    List<String> taken =
        FieldTable.of(action).fields().entrySet().stream()
            .filter(field -> !(field.getValue() instanceof FieldSupport.Refused))
            .map(field -> field.getKey())
            .filter(field -> !sent.contains(field))
            .toList();
    assertThat(taken).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyDeclaredErrorOccursOrIsSaidNotTo(Action action) throws IOException {
    Set<String> occur =
        exchanges(action)
            .flatMap(
                exchange ->
                    exchange.expectation() instanceof Expectation.Refusal refusal
                        ? Stream.of(refusal.code())
                        : Stream.of())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> impossible = new TreeSet<>();
    for (Page page : Page.all(SpecificationTest.folder())) {
      impossible.addAll(page.impossible().getOrDefault(action, Set.of()));
    }
    Set<String> declared = new TreeSet<>();
    JsonNode contract = JsonMapper.builder().build().readTree(Files.readString(CONTRACT));
    contract
        .path(action.wireName())
        .path("errors")
        .forEach(error -> declared.add(error.path("code").asString()));

    assertThat(impossible).as("said not to occur").noneMatch(occur::contains);
    declared.removeAll(occur);
    assertThat(impossible).as("said not to occur").containsExactlyInAnyOrderElementsOf(declared);
  }
}
