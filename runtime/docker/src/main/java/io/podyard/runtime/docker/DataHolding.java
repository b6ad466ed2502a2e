package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.model.InstallationId;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.data.DataBlobs;
import io.podyard.runtime.docker.data.DataFetcher;
import io.podyard.runtime.docker.data.DataFetcher.Fetched;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings the content of data caches into an engine: read once into an archive on our side, and put
 * from there into a volume by the engine itself, so the engine may be anywhere.
 */
final class DataHolding implements AutoCloseable {

  private static final Duration LONGEST_FILLING = Duration.ofHours(6);
  private static final String PLACE = "/data";
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;
  private static final int BUFFER = 1 << 16;
  private static final int TOLD_EVERY_BYTES = 4 << 20;
  private static final int MOST_NOTED = 1000;

  private final EngineCalls calls;
  private final EngineImages images;
  private final DataVolumes volumes;
  private final SharedContainers shared;
  private final DataBlobs blobs;
  private final DataFetcher fetcher;

  /** What was read and is not held yet, by the keys of data caches: it is not read again. */
  private final Map<String, HeldData> noted = new ConcurrentHashMap<>();

  DataHolding(
      EngineCalls calls,
      EngineImages images,
      DataVolumes volumes,
      DataBlobs blobs,
      DockerEngineSettings settings) {
    this.calls = calls;
    this.images = images;
    this.volumes = volumes;
    this.shared = new SharedContainers(calls);
    this.blobs = blobs;
    this.fetcher =
        new DataFetcher(
            settings.data(),
            settings.dataFolder().resolve("data-spool"),
            blobs,
            new SecureRandom());
  }

  HeldData hold(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    try {
      return bring(order, fence, progress);
    } catch (RuntimeUnavailableException e) {
      // No call to an engine gets through on a thread that is to stop. What is half is removed by
      // whoever holds or releases next.
      if (Thread.interrupted()) {
        InterruptedException stopped = new InterruptedException("holding of " + order.cache());
        stopped.initCause(e);
        throw stopped;
      }
      throw e;
    }
  }

  private HeldData bring(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    fence.check();
    HeldData there = volumes.held(order.installation()).get(order.cache());
    if (there != null) {
      return there;
    }
    HeldData known = order.known();
    HeldData held = known == null ? readOnce(order, progress) : known;
    volumes.hold(
        order.installation(),
        order.cache(),
        held,
        fence,
        volume -> {
          if (!isKept(held)) {
            HeldData now = read(order, progress);
            if (!now.digest().equals(held.digest())) {
              throw new DataNotFetchedException(
                  Reason.REFUSED, "the source has other data than it had for other hosts");
            }
          }
          fill(order, held, volume, fence, progress);
        });
    noted.remove(order.cache());
    blobs.letGo(held.digest());
    progress.at(held.bytes(), held.bytes(), held.bytes());
    return held;
  }

  private boolean isKept(HeldData held) throws RuntimeUnavailableException {
    try {
      return blobs.has(held.digest());
    } catch (IOException e) {
      throw new RuntimeUnavailableException("what is kept of data cannot be looked at", e);
    }
  }

  private HeldData readOnce(DataCopyOrder order, DataProgress progress)
      throws RuntimeUnavailableException, DataNotFetchedException, InterruptedException {
    HeldData before = noted.get(order.cache());
    if (before != null && isKept(before)) {
      return before;
    }
    HeldData now = read(order, progress);
    if (noted.size() >= MOST_NOTED) {
      noted.clear();
    }
    noted.put(order.cache(), now);
    return now;
  }

  private HeldData read(DataCopyOrder order, DataProgress progress)
      throws DataNotFetchedException, InterruptedException {
    if (order.source() instanceof DataSource.Copy(String cache)) {
      throw new DataNotFetchedException(
          Reason.REFUSED, "what data cache " + cache + " holds is kept nowhere any more");
    }
    Fetched fetched =
        fetcher.fetch(
            order.source(), order.mostBytes(), (bytes, total) -> progress.at(bytes, 0, total));
    return new HeldData(fetched.digest(), fetched.bytes(), fetched.entries());
  }

  private void fill(
      DataCopyOrder order, HeldData held, String volume, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException, StaleFenceException, DataNotFetchedException {
    try {
      put(order, held, volume, fence, progress);
    } catch (RuntimeUnavailableException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // An engine whose disk is full mostly just breaks off. What else is wrong with it the next
      // call finds, before anything is filled.
      throw new DataNotFetchedException(
          Reason.NOT_KEPT, "the host did not take the data, or not all of it", e, 0);
    }
  }

  private void put(
      DataCopyOrder order, HeldData held, String volume, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException, StaleFenceException {
    String container = DataVolumes.filler(volume);
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Names.INSTALLATION, order.installation().value());
    labels.put(Names.ROLE, Names.ROLE_DATA);
    labels.put(Names.DATA, held.digest());
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode("none")
            .withMounts(
                List.of(
                    new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(volume)
                        .withTarget(PLACE)
                        .withVolumeOptions(new VolumeOptions().withNoCopy(true))));
    shared.make(container, images.sandbox(fence), List.of("pause"), labels, config, fence);
    try {
      calls.follow(
          EngineRequest.tar(
              "PUT",
              "/containers/" + container + "/archive?path=" + PLACE,
              out -> send(held, out, progress)),
          CallScope.changing(LONGEST_FILLING, fence),
          _ -> {});
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } finally {
      shared.remove(container, fence);
    }
  }

  /** The archive, checked up to its end; what is not whole there is not taken for whole. */
  private void send(HeldData held, OutputStream out, DataProgress progress) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long sent = 0;
    long told = 0;
    try (InputStream in = blobs.open(held.digest())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        out.write(buffer, 0, n);
        sent += n;
        if (sent - told >= TOLD_EVERY_BYTES) {
          told = sent;
          // Heads of entries count as well, so that a million empty files move on too.
          progress.at(held.bytes(), Math.min(sent, held.bytes()), held.bytes());
        }
      }
    }
  }

  void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    volumes.release(installation, cache, fence);
    HeldData read = noted.get(cache);
    if (read != null) {
      blobs.letGo(read.digest());
    }
  }

  Set<String> held(InstallationId installation) throws RuntimeUnavailableException {
    return Set.copyOf(volumes.held(installation).keySet());
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
