package io.podyard.bench.trace;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.DiskSpace;
import io.podyard.scheduler.GpuDevices;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostKind;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.HostWishes;
import io.podyard.scheduler.PlacementRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Hosts and requests of the trace in {@code openb/}.
 *
 * @param hosts empty, all in one region
 * @param requests in the order of the file
 */
public record OpenbTrace(List<HostSnapshot> hosts, List<PlacementRequest> requests) {

  public static final RegionId REGION = new RegionId("openb");

  private static final PoolId POOL = new PoolId("openb");
  private static final ZoneId ZONE = new ZoneId("openb-a");
  private static final String HOSTS = "/openb/openb_node_list_gpu_node.csv";
  private static final String REQUESTS = "/openb/openb_pod_list_default.csv";

  /** The trace as it was published. */
  public static OpenbTrace published() {
    return new OpenbTrace(
        lines(HOSTS).stream().map(OpenbTrace::host).toList(),
        lines(REQUESTS).stream().map(OpenbTrace::request).toList());
  }

  /**
   * Its hosts with the requests of another file of that form.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static OpenbTrace withRequestsOf(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return new OpenbTrace(
          published().hosts(),
          lines.stream().skip(1).filter(line -> !line.isBlank()).map(OpenbTrace::request).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Thousandths of GPUs that all hosts have together. */
  public long gpuMilli() {
    return hosts.stream().mapToLong(host -> host.gpus().count() * (long) GpuRequest.WHOLE).sum();
  }

  private static HostSnapshot host(String line) {
    String[] cells = line.split(",", -1);
    return new HostSnapshot(
        new HostId(cells[0]),
        POOL,
        REGION,
        ZONE,
        Size.of(Integer.parseInt(cells[1]), Integer.parseInt(cells[2])),
        Size.ZERO,
        true,
        DiskSpace.NOT_COUNTED,
        GpuDevices.free(Integer.parseInt(cells[3])),
        HostKind.ofGpuModel(cells[4]));
  }

  private static PlacementRequest request(String line) {
    String[] cells = line.split(",", -1);
    Size size = Size.of(Integer.parseInt(cells[1]), Integer.parseInt(cells[2]));
    int count = Integer.parseInt(cells[3]);
    PlacementRequest request =
        PlacementRequest.anywhereIn(REGION, size)
            .withGpus(
                count == 0 ? GpuRequest.NONE : new GpuRequest(count, Integer.parseInt(cells[4])));
    return cells[5].isEmpty()
        ? request
        : request.wishing(HostWishes.ANY.withGpuModels(Set.of(cells[5].split("\\|"))));
  }

  private static List<String> lines(String resource) {
    InputStream in = OpenbTrace.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is missing");
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
