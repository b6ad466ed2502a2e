package io.podyard.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the README says of ECI is what there is. */
class ReadmeTest {

  private static final Path ROOT = FormatTest.Sources.root();
  private static final Path CONTRACT =
      ROOT.resolve("api/src/test/resources/io/podyard/api/eci/actions.json");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");

  /** The rows of the table: topic, built, not built. */
  private static List<String[]> rows() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    int start = readme.indexOf("## What of ECI works today");
    assertThat(start).isPositive();
    return readme
        .substring(start, readme.indexOf("\n## ", start))
        .lines()
        .filter(line -> line.startsWith("|") && !line.startsWith("|---"))
        .skip(1)
        .map(line -> line.split("\\|", -1))
        .toList();
  }

  private static List<String> names(int column) throws IOException {
    List<String> names = new ArrayList<>();
    for (String[] row : rows()) {
      NAME.matcher(row[column]).results().map(match -> match.group(1)).forEach(names::add);
    }
    return names;
  }

  @Test
  void itNamesAsBuiltWhatIsBuilt() throws IOException {
    List<String> named = names(2);
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Action.values())
                .map(Action::wireName)
                .filter(publicActions()::contains)
                .toList());
  }

  @Test
  void itNamesTheBuiltActionsThatOnlyOldSdksHave() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    List<String> known = publicActions();
    assertThat(Arrays.stream(Action.values()).map(Action::wireName))
        .filteredOn(name -> !known.contains(name))
        .isNotEmpty()
        .allMatch(name -> readme.contains("`" + name + "`"));
  }

  /** Those of the contract's present metadata. */
  private static List<String> publicActions() throws IOException {
    List<String> actions = new ArrayList<>();
    JsonNode contract = JsonMapper.builder().build().readTree(Files.readString(CONTRACT));
    contract
        .properties()
        .forEach(
            action -> {
              JsonNode in = action.getValue().path("meta").path("presentIn");
              if (in.path("openapi_metadata_2025_12").asBoolean()) {
                actions.add(action.getKey());
              }
            });
    assertThat(actions).hasSize(36);
    return actions;
  }

  @Test
  void itNamesEveryPublicActionOnce() throws IOException {
    List<String> named = names(2);
    named.addAll(names(3));
    assertThat(named).containsExactlyInAnyOrderElementsOf(publicActions());
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(links).isNotEmpty().allMatch(link -> Files.exists(ROOT.resolve(link)));
  }
}
