package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlainWordsTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void ordinaryWordsStayAsTheyAre() {
    String words = "manifest unknown: \u00fcber \u6d4b\u8bd5 \ud83d\ude00 (404)";
    assertThat(PlainWords.message(words)).isEqualTo(words);
    assertThat(PlainWords.message("")).isEmpty();
    assertThat(PlainWords.message("last line\n")).isEqualTo("last line");
  }

  @Test
  void whatCannotBeStoredOrShownIsReplaced() {
    assertThat(PlainWords.message("a\u0000b\tc\u007fd\ud800e\udc00f\u202eg\u2028h"))
        .isEqualTo("a?b?c?d?e?f?g?h");
  }

  @Test
  void longWordsAreCutBetweenCharacters() {
    String words = "x".repeat(PlainWords.LONGEST_MESSAGE - 1) + "\ud83d\ude00 and more";
    assertThat(PlainWords.message(words))
        .isEqualTo("x".repeat(PlainWords.LONGEST_MESSAGE - 1) + "...");
    assertThat(PlainWords.reason("r".repeat(1_000_000))).hasSize(PlainWords.LONGEST_REASON + 3);
  }

  @Test
  void allThatEnginesSayIsPlain() {
    String hostile = "no\u0000 " + "x".repeat(10_000);
    String plain = PlainWords.message(hostile);
    assertThat(plain).startsWith("no? x").hasSizeLessThan(2_000);
    assertThat(new ImageView.Failed("Err\u0000", hostile, 0))
        .isEqualTo(new ImageView.Failed("Err?", plain.substring(0, 1_000) + "...", 0));
    assertThat(new Attempted.Refusal("app", 1, "Can\u0000not", hostile).message()).isEqualTo(plain);
    assertThat(new ContainerView.Status.Exited(1, false, hostile, AT, AT).error()).isEqualTo(plain);
    assertThat(new SandboxView("id", true, "10.0.0.1\u0000", 1).ip()).isEqualTo("10.0.0.1?");
  }
}
