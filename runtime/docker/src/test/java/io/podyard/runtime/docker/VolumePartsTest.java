package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumePartsTest {

  private static final InstallationId INSTALLATION = new InstallationId("i");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g");

  private static VolumeMount mount(@Nullable String subPath) {
    return new VolumeMount("v", "/p", subPath, false);
  }

  private static VolumeParts parts(String... subPaths) {
    ContainerSpec container =
        Specs.changed(
            ContainerSpec.of("app", "image"),
            c -> c.mounts = List.of(subPaths).stream().map(VolumePartsTest::mount).toList());
    GroupSpec group = GroupSpec.of("g", Size.ZERO, RestartPolicy.NEVER, container);
    return VolumeParts.of(
        INSTALLATION, GROUP, Specs.withVolumes(group, new VolumeSpec.EmptyDir("v", false, null)));
  }

  @ParameterizedTest
  @CsvSource({"a, a", "/a/b/, a/b", "a//b/./c, a/b/c", "., ''", "..a/b.., ..a/b.."})
  void subPathsHaveOneForm(String given, String form) {
    assertThat(VolumeParts.subPath(mount(given))).contains(form);
  }

  @Test
  void noSubPathIsTheWhole() {
    assertThat(VolumeParts.subPath(mount(null))).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/..", "../a", "a/../b", "/.."})
  void noSubPathLeadsOut(String given) {
    assertThat(VolumeParts.subPath(mount(given))).isEmpty();
  }

  @Test
  void eachSubPathIsAVolumeOfItsOwn() {
    VolumeParts parts = parts("b", "a/c", "a", "/a/");

    assertThat(parts.all())
        .extracting(VolumeParts.Part::subPath)
        .containsExactly("", "a", "a/c", "b");
    assertThat(parts.all()).extracting(VolumeParts.Part::name).doesNotHaveDuplicates();
    assertThat(parts.all().getFirst().name()).isEqualTo("i-g-volume-v");
  }

  @Test
  void whereverAPartIsSeenTheOnesBelowItAreSeenInIt() {
    VolumeParts parts = parts("a", "a/c", "ab");

    assertThat(parts.places("v", "", false, "/w"))
        .extracting(VolumeParts.Place::path)
        .containsExactly("/w", "/w/a", "/w/a/c", "/w/ab");
    assertThat(parts.places("v", "a", false, "/p/"))
        .extracting(VolumeParts.Place::path)
        .containsExactly("/p/", "/p/c");
    assertThat(parts.places("v", "ab", false, "/p"))
        .extracting(VolumeParts.Place::path)
        .containsExactly("/p");
    assertThat(parts.places("other", "", false, "/p")).isEmpty();
  }
}
