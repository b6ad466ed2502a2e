package io.podyard.controlplane.runtimes;

import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The Docker Engines that this process reaches, each a host, behind one runtime. */
public final class DockerHosts implements AutoCloseable {

  private record Reached(DockerPool pool, ContainerEngine told) {}

  private final CommitPoints points;
  private final Map<HostId, Reached> hosts = new ConcurrentHashMap<>();

  /**
   * @param points told of each call that changes something on a host
   */
  public DockerHosts(CommitPoints points) {
    this.points = points;
  }

  /** The runtime of all of them, those that come later among them. */
  public GroupRuntime runtime(InstantSource clock) {
    return new PodRuntime(DockerPool.RUNTIME, this::engine, clock, PodSettings.DEFAULTS);
  }

  private @Nullable ContainerEngine engine(HostId host) {
    Reached reached = hosts.get(host);
    return reached == null ? null : reached.told();
  }

  /** Adds a host; it is closed with these. One of the same id is replaced and closed. */
  public void add(DockerPool host) {
    ContainerEngine engine = host.engine();
    Reached before =
        hosts.put(
            host.host(),
            new Reached(
                host, points == CommitPoints.NONE ? engine : new WatchedEngine(engine, points)));
    if (before != null) {
      before.pool().close();
    }
  }

  /** Takes a host away and closes it. */
  public void remove(HostId host) {
    Reached reached = hosts.remove(host);
    if (reached != null) {
      reached.pool().close();
    }
  }

  @Override
  public void close() {
    hosts.values().forEach(reached -> reached.pool().close());
    hosts.clear();
  }
}
