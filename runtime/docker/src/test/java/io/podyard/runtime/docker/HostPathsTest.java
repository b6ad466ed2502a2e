package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.HostPaths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPathsTest {

  @Test
  void pathsAreReadOnlyUnlessTheySayOtherwise() {
    HostPaths paths = HostPaths.parse(" /srv/a , /srv/b:rw,,/c:ro");

    assertThat(paths.allowed())
        .containsExactly(
            new HostPaths.Allowed("/srv/a", false),
            new HostPaths.Allowed("/srv/b", true),
            new HostPaths.Allowed("/c", false));
    assertThat(HostPaths.parse("")).isEqualTo(HostPaths.NONE);
  }

  @Test
  void aPathHoldsWhatIsBelowIt() {
    HostPaths paths = HostPaths.parse("/srv/a");

    assertThat(paths.of("/srv/a").orElseThrow().within("/srv/a")).isEmpty();
    assertThat(paths.of("/srv/a/b/c").orElseThrow().within("/srv/a/b/c")).isEqualTo("b/c");
    for (String other : new String[] {"/srv/ab", "/srv", "/", "/srv/a/../b", "/srv/a/./b", "a"}) {
      assertThat(paths.of(other)).as(other).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"srv", "/", "/srv/../etc", "/srv/", "//srv", "/a,/a", "/a,/a/b:rw", "/a:x", "/a:"})
  void otherListsAreRefused(String text) {
    assertThatThrownBy(() -> HostPaths.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
