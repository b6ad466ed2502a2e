package io.podyard.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.FieldSupport;
import io.podyard.api.FieldTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/compatibility.md say of every request field what the code does with it. {@code
 * -Dpodyard.compatibility.write=true} writes them.
 */
class CompatibilityTest {

  private static final Path PAGE = FormatTest.Sources.root().resolve("docs/compatibility.md");
  private static final String START = "<!-- What follows is written by CompatibilityTest. -->\n";

  @Test
  void itsTablesSayWhatTheCodeDoes() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf(START);
    assertThat(start).isPositive();
    String above = page.substring(0, start);
    if (Boolean.getBoolean("podyard.compatibility.write")) {
      Files.writeString(PAGE, above + START + tables());
    }
    assertThat(Files.readString(PAGE))
        .as("run it again with -Dpodyard.compatibility.write=true")
        .isEqualTo(above + START + tables());
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    List<Action> actions =
        Arrays.stream(Action.values()).sorted(Comparator.comparing(Action::wireName)).toList();
    for (Action action : actions) {
      text.append("\n### ").append(action.wireName()).append("\n\n");
      text.append("| field | what becomes of it |\n|---|---|\n");
      FieldTable.of(action).fields().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              field ->
                  text.append("| `%s` | %s |\n".formatted(field.getKey(), said(field.getValue()))));
    }
    return text.toString();
  }

  private static String said(FieldSupport support) {
    return switch (support) {
      case FieldSupport.Works _ -> "works";
      case FieldSupport.Kept _ -> "kept and given back";
      case FieldSupport.Accepted accepted -> "read and checked, no effect: " + accepted.why();
      case FieldSupport.Refused(String reason, List<String> accepted) ->
          "refused%s: %s"
              .formatted(
                  accepted.isEmpty() ? "" : " unless `" + String.join("`, `", accepted) + "`",
                  reason);
    };
  }
}
