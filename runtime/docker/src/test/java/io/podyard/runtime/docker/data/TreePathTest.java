package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.DataNotFetchedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreePathTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a//b", "a/", "../a", "a/../b", "a/.", "a\0b"})
  void namesThatLeadElsewhereAreRefused(String name) {
    assertThatThrownBy(() -> TreePath.of(name)).isInstanceOf(DataNotFetchedException.class);
  }

  @Test
  void namesThatNoFileSystemTakesAreRefusedAndShownShort() {
    assertThatThrownBy(() -> TreePath.of("ä".repeat(128)))
        .isInstanceOf(DataNotFetchedException.class)
        .hasMessageContaining("a name has at most 255 bytes")
        .message()
        .hasSizeLessThan(250);
    assertThatThrownBy(() -> TreePath.of("a/".repeat(2500) + "a"))
        .hasMessageContaining("a path has at most");
    assertThatThrownBy(() -> TreePath.of("\u001b[31m/..")).hasMessageNotContaining("\u001b");
  }

  @ParameterizedTest
  @CsvSource({"a,b", "a/b,../c", "a/b,c/d", "a/b/c,../../x", "a,./b"})
  void linksWithinTheDataAreKept(String link, String target) throws Exception {
    TreePath path = TreePath.of(link);
    assertThat(path.text()).isEqualTo(link);
    assertThatCode(() -> path.checkTarget(target)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"a,/etc/passwd", "a,..", "a/b,../../c", "a/b,c/../../..", "a/b/c,d/../e", "a,''"})
  void linksThatLeadOutOrMayAreRefused(String link, String target) throws Exception {
    TreePath path = TreePath.of(link);
    assertThatThrownBy(() -> path.checkTarget(target))
        .isInstanceOf(DataNotFetchedException.class)
        .hasMessageContaining("leads to");
  }
}
