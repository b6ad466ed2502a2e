package io.podyard.controlplane.runtimes;

import io.podyard.controlplane.settings.DockerSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.DockerEngineSettings;
import io.podyard.runtime.docker.LogArchive;
import io.podyard.runtime.docker.Subnets;
import io.podyard.runtime.pod.ContainerEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Docker Engine that Docker's own client would use, as a pool of one host. The host is named
 * after the engine's address: another engine is another host.
 */
public final class DockerPool implements AutoCloseable {

  public static final String RUNTIME = "docker";

  /** How long an engine may take to say that it is there. */
  private static final Duration GREETING = Duration.ofSeconds(3);

  private static final int LONGEST_HOST_ID = 63;

  private final HostId host;
  private final DockerEngine engine;
  private final URI address;

  private DockerPool(DockerEngineSettings settings, LogArchive archive) {
    this(hostId(settings.host()), settings, archive);
  }

  private DockerPool(HostId host, DockerEngineSettings settings, LogArchive archive) {
    this.address = settings.host();
    this.host = host;
    this.engine = new DockerEngine(settings, archive, InstantSource.system());
  }

  /**
   * The engine of an environment, if it answers right now.
   *
   * @param archive for the logs of removed containers
   * @throws IllegalArgumentException if {@code DOCKER_HOST} is no address or a setting of the
   *     engine is none
   */
  public static Optional<DockerPool> reach(
      Map<String, String> environment, PodyardSettings podyard, LogArchive archive) {
    DockerEngineSettings settings = settings(environment, podyard);
    DockerEngineSettings.Limits limits = settings.limits();
    DockerEngineSettings hasty =
        settings.with(
            new DockerEngineSettings.Limits(
                GREETING,
                limits.startsPerCore(),
                limits.startQueue(),
                limits.pidsPerContainer(),
                limits.logBytes(),
                limits.execOutputBytes(),
                limits.coreDumpBytes()));
    try (DockerEngine probe =
        new DockerEngine(hasty, LookingOnly.INSTANCE, InstantSource.system())) {
      HostReport _ = probe.report();
      return Optional.of(new DockerPool(settings, archive));
    } catch (RuntimeUnavailableException e) {
      return Optional.empty();
    }
  }

  /** The same, whether it answers or not. */
  public static DockerPool of(
      Map<String, String> environment, PodyardSettings podyard, LogArchive archive) {
    return new DockerPool(settings(environment, podyard), archive);
  }

  /**
   * The engine of a host that an operator declared, whether it answers or not.
   *
   * @param address in the manner of {@code DOCKER_HOST}
   * @param tlsFolder with certificates and key, null for none
   */
  public static DockerPool at(
      HostId host,
      URI address,
      @Nullable Path tlsFolder,
      PodyardSettings podyard,
      LogArchive archive) {
    return new DockerPool(
        host,
        settings(declared(host, address, tlsFolder, podyard.dataDir()), podyard)
            .withDiskFolder(diskFolder(podyard, host)),
        archive);
  }

  /**
   * The same for who looks at its groups and drives none.
   *
   * @param dataDir for what it keeps of images
   */
  public static DockerPool toLookAt(
      HostId host, URI address, @Nullable Path tlsFolder, Path dataDir) {
    return new DockerPool(host, declared(host, address, tlsFolder, dataDir), LookingOnly.INSTANCE);
  }

  private static DockerEngineSettings declared(
      HostId host, URI address, @Nullable Path tlsFolder, Path dataDir) {
    Path folder = dataDir.resolve("docker-hosts").resolve(host.value()).toAbsolutePath();
    DockerEngineSettings settings = DockerEngineSettings.of(address, folder);
    return tlsFolder == null ? settings : settings.withTls(tlsFolder);
  }

  /**
   * The engine of an environment for who looks at its groups and drives none.
   *
   * @param dataDir for what it keeps of images
   */
  public static DockerPool toLookAt(Map<String, String> environment, Path dataDir) {
    return new DockerPool(settings(environment, dataDir), LookingOnly.INSTANCE);
  }

  /** The engine of an environment, used as the settings say. */
  static DockerEngineSettings settings(Map<String, String> environment, PodyardSettings podyard) {
    DockerEngineSettings plain = settings(environment, podyard.dataDir());
    return settings(plain, podyard).withDiskFolder(diskFolder(podyard, hostId(plain.host())));
  }

  private static Path diskFolder(PodyardSettings podyard, HostId host) {
    return podyard.docker().diskFolder(podyard.dataDir()).resolve(host.value());
  }

  private static DockerEngineSettings settings(
      DockerEngineSettings plain, PodyardSettings podyard) {
    DockerSettings docker = podyard.docker();
    DockerEngineSettings.Limits limits = plain.limits();
    return plain
        .withOciRuntime(docker.ociRuntime())
        .with(
            new DockerEngineSettings.Limits(
                limits.call(),
                limits.startsPerCore(),
                limits.startQueue(),
                limits.pidsPerContainer(),
                podyard.logs().perAttempt().toBytes(),
                limits.execOutputBytes(),
                podyard.ops().coreDumps().toBytes()))
        .with(
            new DockerEngineSettings.Network(
                subnets(docker.subnets()), plain.network().closedTo(), docker.hostReachable()))
        .with(
            new DockerEngineSettings.Images(
                plain.images().limits(),
                plain.images().useLocal(),
                docker.enginePull(),
                docker.imagesHigh().toBytes(),
                docker.imagesLowBytes()))
        .with(
            new DockerEngineSettings.Content(
                podyard.content().folder(podyard.dataDir()), podyard.content().bytes().toBytes()))
        .with(plain.data().reading(podyard.dataCaches().thisMachine(), podyard.dataCaches().hub()))
        .with(docker.allowedHostPaths());
  }

  private static Subnets subnets(String text) {
    try {
      return Subnets.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("PODYARD_DOCKER_SUBNETS: " + e.getMessage(), e);
    }
  }

  private static DockerEngineSettings settings(Map<String, String> environment, Path dataDir) {
    return DockerEngineSettings.of(environment, dataDir.resolve("docker").toAbsolutePath());
  }

  /** Where the engine of an environment is, for people. */
  public static URI address(Map<String, String> environment) {
    return settings(environment, Path.of("")).host();
  }

  /** The host that the engine of an environment is. */
  public static HostId host(Map<String, String> environment) {
    return hostId(address(environment));
  }

  /** Long addresses are cut, and told apart by a number made from the whole. */
  static HostId hostId(URI address) {
    String name = RUNTIME + "-" + address.toString().replaceAll("[^A-Za-z0-9.]+", "-");
    if (name.length() <= LONGEST_HOST_ID) {
      return new HostId(name);
    }
    String number = "-%08x".formatted(address.toString().hashCode());
    return new HostId(name.substring(0, LONGEST_HOST_ID - number.length()) + number);
  }

  public HostId host() {
    return host;
  }

  /** Where the engine is, for people. */
  public URI address() {
    return address;
  }

  /** What the engine says of itself. */
  public HostReport report() throws RuntimeUnavailableException {
    return engine.report();
  }

  /**
   * Why nothing bounds a group as a whole on this host; empty if something does.
   *
   * @throws RuntimeUnavailableException if the engine does not answer
   */
  public Optional<String> unboundBecause() throws RuntimeUnavailableException {
    return engine.unboundBecause();
  }

  ContainerEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
  }
}
