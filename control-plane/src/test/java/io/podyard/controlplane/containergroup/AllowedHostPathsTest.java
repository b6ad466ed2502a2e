package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Problem;
import io.podyard.runtime.HostPaths;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedHostPathsTest {

  private static final AllowedHostPaths PATHS =
      new AllowedHostPaths(HostPaths.parse("/srv/data,/srv/scratch:rw"));

  private static List<String> problems(AllowedHostPaths paths, String... changes) {
    List<Problem> problems = new ArrayList<>();
    paths.check(CreateRequests.decoded(changes).draft(), problems::add);
    return problems.stream().map(Problem::parameter).toList();
  }

  private static String[] mounted(String path, String... more) {
    List<String> changes =
        new ArrayList<>(
            List.of(
                "Volume.1.Name=v",
                "Volume.1.Type=HostPathVolume",
                "Volume.1.HostPathVolume.Path=" + path,
                "Container.1.VolumeMount.1.Name=v",
                "Container.1.VolumeMount.1.MountPath=/v"));
    changes.addAll(List.of(more));
    return changes.toArray(String[]::new);
  }

  @Test
  void onlyWhatTheOperatorListsIsMounted() {
    String readOnly = "Container.1.VolumeMount.1.ReadOnly=true";
    assertThat(problems(PATHS, mounted("/srv/data", readOnly))).isEmpty();
    assertThat(problems(PATHS, mounted("/srv//data/a/", readOnly))).isEmpty();
    assertThat(problems(PATHS, mounted("/srv/scratch/x"))).isEmpty();
    for (String path : List.of("/srv/database", "/srv", "/", "/etc", "/srv/data:x")) {
      assertThat(problems(PATHS, mounted(path, readOnly)))
          .as(path)
          .containsExactly("Volume.1.HostPathVolume.Path");
    }
    assertThat(problems(new AllowedHostPaths(HostPaths.NONE), mounted("/srv/data", readOnly)))
        .containsExactly("Volume.1.HostPathVolume.Path");
  }

  @Test
  void whatIsReadOnlyIsAskedForAsSuch() {
    assertThat(problems(PATHS, mounted("/srv/data")))
        .containsExactly("Container.1.VolumeMount.1.ReadOnly");
    assertThat(problems(PATHS, mounted("/srv/data", "Container.1.VolumeMount.1.ReadOnly=false")))
        .containsExactly("Container.1.VolumeMount.1.ReadOnly");
  }

  @Test
  void whereGroupsMayWriteSingleFilesAreNotMounted() {
    assertThat(problems(PATHS, mounted("/srv/scratch/f", "Volume.1.HostPathVolume.Type=File")))
        .containsExactly("Volume.1.HostPathVolume.Type");
  }
}
