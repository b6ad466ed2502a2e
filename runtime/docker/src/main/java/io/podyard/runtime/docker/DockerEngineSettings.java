package io.podyard.runtime.docker;

import io.podyard.runtime.HostPaths;
import io.podyard.runtime.docker.data.DataSettings;
import io.podyard.runtime.docker.image.FetchLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One engine and how it is used.
 *
 * @param host in the manner of {@code DOCKER_HOST}: {@code unix:///path}, {@code tcp://host:port}
 * @param tlsFolder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}, or null
 * @param dataFolder for the index of images; of this process and this engine alone
 * @param ociRuntime {@code runc}, {@code runsc}, {@code kata}; null for the engine's own choice
 * @param limits of calls and containers
 * @param network of the groups
 * @param images how images come to the engine
 * @param hostPaths which paths of its host groups may mount
 * @param diskFolder where disks are kept, on the engine's machine; of this engine alone, and the
 *     same for all servers of an installation
 * @param content where what registries sent is kept, and the content of data caches
 * @param data how the sources of data caches are read
 */
public record DockerEngineSettings(
    URI host,
    @Nullable Path tlsFolder,
    Path dataFolder,
    @Nullable String ociRuntime,
    Limits limits,
    Network network,
    Images images,
    HostPaths hostPaths,
    Path diskFolder,
    Content content,
    DataSettings data) {

  private static final URI DEFAULT_HOST = URI.create("unix:///var/run/docker.sock");

  /**
   * Limits of calls and containers.
   *
   * @param call time for one call to the engine; loads, execs and logs have their own
   * @param startsPerCore how many sandboxes and containers are made or started at the same time,
   *     for each core of the engine; more gain nothing and all take longer. 1 or more
   * @param startQueue how long a start waits for its turn
   * @param pidsPerContainer most processes and threads of a container, 1 or more
   * @param logBytes most that an engine keeps of a container's log, 64 KiB or more
   * @param execOutputBytes most that is answered of a command's output
   * @param coreDumpBytes how large the core dump of a container's process may get; 0 leaves that to
   *     the engine
   */
  public record Limits(
      Duration call,
      int startsPerCore,
      Duration startQueue,
      int pidsPerContainer,
      long logBytes,
      int execOutputBytes,
      long coreDumpBytes) {

    public static final Limits DEFAULTS =
        new Limits(Duration.ofSeconds(60), 2, Duration.ofSeconds(30), 4096, 10 << 20, 1 << 20, 0);

    /**
     * @throws IllegalArgumentException if a limit is out of range
     */
    public Limits {
      if (!call.isPositive() || !startQueue.isPositive()) {
        throw new IllegalArgumentException("times must be positive: " + call + ", " + startQueue);
      }
      if (startsPerCore < 1 || pidsPerContainer < 1 || execOutputBytes < 1) {
        throw new IllegalArgumentException("limits of the engine must be 1 or more");
      }
      if (coreDumpBytes < 0) {
        throw new IllegalArgumentException("coreDumpBytes is negative: " + coreDumpBytes);
      }
      if (logBytes < 64 << 10) {
        throw new IllegalArgumentException("logBytes must be 65536 or more, not " + logBytes);
      }
    }

    public Limits withCoreDumpBytes(long bytes) {
      return new Limits(
          call, startsPerCore, startQueue, pidsPerContainer, logBytes, execOutputBytes, bytes);
    }
  }

  /**
   * The networks of the groups; each account and vSwitch has one of its own.
   *
   * @param subnets where the addresses of the networks are taken from
   * @param closedTo addresses ({@code a.b.c.d} or {@code a.b.c.d/n}) that no group may reach
   * @param hostReachable whether groups may reach the host they run on
   */
  public record Network(Subnets subnets, List<String> closedTo, boolean hostReachable) {

    /** The link-local addresses are where clouds tell secrets to whoever asks. */
    public static final Network DEFAULTS =
        new Network(Subnets.DEFAULT, List.of("169.254.0.0/16"), false);

    public Network {
      closedTo = List.copyOf(closedTo);
    }
  }

  /**
   * How images come to the engine.
   *
   * @param useLocal whether an image counts as present that the engine has under exactly the name
   *     asked for, whoever put it there; then all accounts may use it
   * @param enginePull whether the engine tries by itself what could not be fetched
   * @param highBytes from when on those go again that were not used for longest: of all that
   *     Podyard brought, as the engine counts each
   * @param lowBytes down to what, 0 to {@code highBytes}
   */
  public record Images(
      FetchLimits limits, boolean useLocal, boolean enginePull, long highBytes, long lowBytes) {

    public static final Images DEFAULTS =
        new Images(FetchLimits.DEFAULTS, true, false, 100L << 30, 80L << 30);

    /**
     * @throws IllegalArgumentException if the lower mark is out of range
     */
    public Images {
      if (lowBytes < 0 || lowBytes > highBytes) {
        throw new IllegalArgumentException(
            "lowBytes must be 0 to %d, not %d".formatted(highBytes, lowBytes));
      }
    }
  }

  /**
   * Where what registries sent is kept: for all engines of a process, and for all processes that
   * share the folder.
   *
   * @param mostBytes of layers that are neither in use nor held, 0 or more
   */
  public record Content(Path folder, long mostBytes) {

    public static final long DEFAULT_BYTES = 20L << 30;

    /**
     * @throws IllegalArgumentException if the limit is negative
     */
    public Content {
      if (mostBytes < 0) {
        throw new IllegalArgumentException("mostBytes is negative: " + mostBytes);
      }
    }
  }

  /** An engine with everything else as it is by default. */
  public static DockerEngineSettings of(URI host, Path dataFolder) {
    return new DockerEngineSettings(
        host,
        null,
        dataFolder,
        null,
        Limits.DEFAULTS,
        Network.DEFAULTS,
        Images.DEFAULTS,
        HostPaths.NONE,
        dataFolder.resolve("disks"),
        new Content(dataFolder.resolve("content"), Content.DEFAULT_BYTES),
        DataSettings.DEFAULTS);
  }

  /**
   * The engine that Docker's own client would use: {@code DOCKER_HOST}, {@code DOCKER_TLS_VERIFY}
   * and {@code DOCKER_CERT_PATH}, else the local socket.
   */
  public static DockerEngineSettings of(Map<String, String> environment, Path dataFolder) {
    String host = environment.getOrDefault("DOCKER_HOST", "");
    String verify = environment.getOrDefault("DOCKER_TLS_VERIFY", "");
    String folder = environment.getOrDefault("DOCKER_CERT_PATH", "");
    DockerEngineSettings plain = of(host.isEmpty() ? DEFAULT_HOST : URI.create(host), dataFolder);
    return verify.isEmpty() || folder.isEmpty() ? plain : plain.withTls(Path.of(folder));
  }

  public DockerEngineSettings with(Limits other) {
    return changed(parts -> parts.limits = other);
  }

  public DockerEngineSettings with(Network other) {
    return changed(parts -> parts.network = other);
  }

  public DockerEngineSettings with(Images other) {
    return changed(parts -> parts.images = other);
  }

  public DockerEngineSettings withOciRuntime(@Nullable String other) {
    return changed(parts -> parts.ociRuntime = other);
  }

  public DockerEngineSettings with(HostPaths other) {
    return changed(parts -> parts.hostPaths = other);
  }

  public DockerEngineSettings withTls(Path folder) {
    return changed(parts -> parts.tlsFolder = folder);
  }

  public DockerEngineSettings withDiskFolder(Path other) {
    return changed(parts -> parts.diskFolder = other);
  }

  public DockerEngineSettings with(Content other) {
    return changed(parts -> parts.content = other);
  }

  public DockerEngineSettings with(DataSettings other) {
    return changed(parts -> parts.data = other);
  }

  private DockerEngineSettings changed(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return new DockerEngineSettings(
        host,
        parts.tlsFolder,
        dataFolder,
        parts.ociRuntime,
        parts.limits,
        parts.network,
        parts.images,
        parts.hostPaths,
        parts.diskFolder,
        parts.content,
        parts.data);
  }

  /** What can be another one, while it is changed. */
  private static final class Parts {

    private @Nullable Path tlsFolder;
    private @Nullable String ociRuntime;
    private Limits limits;
    private Network network;
    private Images images;
    private HostPaths hostPaths;
    private Path diskFolder;
    private Content content;
    private DataSettings data;

    Parts(DockerEngineSettings of) {
      this.tlsFolder = of.tlsFolder;
      this.ociRuntime = of.ociRuntime;
      this.limits = of.limits;
      this.network = of.network;
      this.images = of.images;
      this.hostPaths = of.hostPaths;
      this.diskFolder = of.diskFolder;
      this.content = of.content;
      this.data = of.data;
    }
  }
}
