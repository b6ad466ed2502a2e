package io.podyard.controlplane.quickstart;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.InitContainerRequest;
import io.podyard.api.containergroup.VolumeMountRequest;
import io.podyard.api.containergroup.VolumeRequest;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The group of the quickstart: an init container and two containers that share an EmptyDir volume.
 *
 * @param image every container's image
 * @param real whether its containers really run
 * @param cacheable whether the image comes from a registry, so that there can be a cache of it
 * @param prepare what the init container runs; it must end by itself
 * @param web what the first container runs
 * @param reader what the second container runs
 * @param exec what is run inside the reader once it is there
 */
record DemoGroup(
    String image,
    boolean real,
    boolean cacheable,
    List<String> prepare,
    List<String> web,
    List<String> reader,
    List<String> exec) {

  static final String PREPARE = "prepare";
  static final String WEB = "web";
  static final String READER = "reader";

  private static final String VOLUME = "shared";
  private static final String PATH = "/shared";

  /**
   * For simulated hosts, where every image exists and commands only seem to run. By its name the
   * image is one that takes some seconds to be pulled.
   */
  static DemoGroup simulated() {
    return new DemoGroup(
        "podyard/web:pull-slow",
        false,
        true,
        List.of("sh", "-c", "echo preparing " + PATH + "; sleep 1"),
        List.of("sh", "-c", "echo serving " + PATH + " on port 8080; sleep 3600"),
        List.of("sh", "-c", "echo reading " + PATH + "; sleep 3600"),
        List.of("echo", "hello from inside"));
  }

  /** For a Docker Engine, with the tiny image that Podyard brings along. */
  static DemoGroup tiny() {
    return new DemoGroup(
        "podyard/tiny:1",
        true,
        false,
        List.of(
            "echo",
            "preparing " + PATH,
            "then",
            "write",
            PATH + "/greeting",
            "hello from the init container"),
        List.of("echo", "serving on port 8080", "then", "serve", "8080"),
        List.of("cat", PATH + "/greeting", "then", "sleep", "3600"),
        List.of("cat", PATH + "/greeting"));
  }

  /** For a Docker Engine, with any image that has a shell. */
  static DemoGroup withShell(String image) {
    return new DemoGroup(
        image,
        true,
        true,
        List.of(
            "sh",
            "-c",
            "echo preparing %1$s; echo hello from the init container > %1$s/greeting"
                .formatted(PATH)),
        List.of("sh", "-c", "echo serving " + PATH + "; exec sleep 3600"),
        List.of("sh", "-c", "cat " + PATH + "/greeting; exec sleep 3600"),
        List.of("cat", PATH + "/greeting"));
  }

  /**
   * @param imageCache that it starts from, null for none
   */
  CreateContainerGroupRequest request(String clientToken, @Nullable String imageCache) {
    return CreateContainerGroupRequest.builder()
        .imageSnapshotId(imageCache)
        .containerGroupName("quickstart")
        .clientToken(clientToken)
        .cpu(BigDecimal.valueOf(2))
        .memory(BigDecimal.valueOf(4))
        .restartPolicy("Always")
        .terminationGracePeriodSeconds(2L)
        .initContainer(
            List.of(
                InitContainerRequest.builder()
                    .name(PREPARE)
                    .image(image)
                    .command(prepare)
                    .volumeMount(mounts())
                    .build()))
        .container(List.of(container(WEB, web), container(READER, reader)))
        .volume(List.of(VolumeRequest.emptyDir(VOLUME, null, null)))
        .build();
  }

  private ContainerRequest container(String name, List<String> command) {
    return ContainerRequest.builder()
        .name(name)
        .image(image)
        .command(command)
        .cpu(BigDecimal.ONE)
        .memory(BigDecimal.valueOf(2))
        .volumeMount(mounts())
        .build();
  }

  private static List<VolumeMountRequest> mounts() {
    return List.of(new VolumeMountRequest(PATH, null, VOLUME, false, null));
  }
}
