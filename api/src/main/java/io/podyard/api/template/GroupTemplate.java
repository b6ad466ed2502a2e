package io.podyard.api.template;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group as a document, of which an equal group can be made. Secrets are not in it: passwords of
 * registries, contents of configuration files and hidden values have to be put in before.
 *
 * @param parameters what the contract's template has no place for, by the names of the parameters
 *     of CreateContainerGroup, for example {@code TerminationGracePeriodSeconds}
 */
public record GroupTemplate(
    @Nullable String regionId,
    @Nullable String zoneId,
    @Nullable String securityGroupId,
    @Nullable String vSwitchId,
    @Nullable String resourceGroupId,
    @Nullable String eipInstanceId,
    @Nullable String containerGroupName,
    @Nullable String instanceType,
    List<Tag> tags,
    @Nullable Resources resources,
    @Nullable Spec spec,
    Map<String, String> parameters) {
  public GroupTemplate {
    tags = WireLists.orEmpty(tags);
    parameters =
        parameters == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  /** vCPU and GiB. */
  public record Resources(@Nullable BigDecimal cpu, @Nullable BigDecimal memory) {}

  /** One file; an exported one is without its content, which is a secret. */
  public record ConfigItem(
      @Nullable Integer mode, @Nullable String path, @Nullable String content) {}

  /** Files that travel with the template. */
  public record ConfigFile(@Nullable Integer defaultMode, List<ConfigItem> items) {
    public ConfigFile {
      items = WireLists.orEmpty(items);
    }
  }

  /** An empty folder. */
  public record EmptyDir(@Nullable String sizeLimit) {}

  /** A folder of a file server. */
  public record Nfs(@Nullable String server, @Nullable String path, @Nullable Boolean readOnly) {}

  /** A volume; exactly one of its parts is there. */
  public record Volume(
      @Nullable String name,
      @Nullable ConfigFile configFile,
      @Nullable EmptyDir emptyDir,
      @Nullable Nfs nfs) {}

  /** A field of the group. */
  public record FieldRef(@Nullable String fieldPath) {}

  /** Where a value comes from. */
  public record ValueFrom(@Nullable FieldRef fieldRef) {}

  /** An environment variable; a hidden one is exported without its value. */
  public record Env(@Nullable String name, @Nullable String value, @Nullable ValueFrom valueFrom) {}

  /** A port. */
  public record Port(
      @Nullable String name, @Nullable String protocol, @Nullable Integer containerPort) {}

  /** Where a volume is mounted. */
  public record VolumeMount(
      @Nullable String name,
      @Nullable String subPath,
      @Nullable String mountPath,
      @Nullable Boolean readOnly) {}

  /** One of them. */
  public record Sysctl(@Nullable String name, @Nullable String value) {}

  /** Settings of the kernel. */
  public record SecurityContext(List<Sysctl> sysctls) {
    public SecurityContext {
      sysctls = WireLists.orEmpty(sysctls);
    }
  }

  /** A container that runs before the others. */
  public record InitContainer(
      @Nullable String name,
      @Nullable String image,
      @Nullable String imagePullPolicy,
      @Nullable Boolean stdin,
      @Nullable Boolean stdinOnce,
      @Nullable Boolean tty,
      @Nullable String workingDir,
      List<Env> env,
      List<Port> ports,
      List<VolumeMount> volumeMounts,
      @Nullable SecurityContext securityContext,
      @Nullable Resources resources,
      List<String> command,
      List<String> args) {
    public InitContainer {
      env = WireLists.orEmpty(env);
      ports = WireLists.orEmpty(ports);
      volumeMounts = WireLists.orEmpty(volumeMounts);
      command = WireLists.orEmpty(command);
      args = WireLists.orEmpty(args);
    }
  }

  /** A command. */
  public record Exec(List<String> command) {
    public Exec {
      command = WireLists.orEmpty(command);
    }
  }

  /** A connection. */
  public record TcpSocket(@Nullable Integer port) {}

  /** A request. */
  public record HttpGet(@Nullable String scheme, @Nullable String path, @Nullable Integer port) {}

  /** A check of a running container. */
  public record Probe(
      @Nullable Integer initialDelaySeconds,
      @Nullable Integer periodSeconds,
      @Nullable Integer successThreshold,
      @Nullable Integer failureThreshold,
      @Nullable Integer timeoutSeconds,
      @Nullable Exec exec,
      @Nullable TcpSocket tcpSocket,
      @Nullable HttpGet httpGet) {}

  /** A container. */
  public record Container(
      @Nullable String name,
      @Nullable String image,
      @Nullable String imagePullPolicy,
      @Nullable Boolean stdin,
      @Nullable Boolean stdinOnce,
      @Nullable Boolean tty,
      @Nullable String workingDir,
      List<Env> env,
      List<Port> ports,
      List<VolumeMount> volumeMounts,
      @Nullable SecurityContext securityContext,
      @Nullable Resources resources,
      @Nullable Probe readinessProbe,
      @Nullable Probe livenessProbe,
      List<String> command,
      List<String> args) {
    public Container {
      env = WireLists.orEmpty(env);
      ports = WireLists.orEmpty(ports);
      volumeMounts = WireLists.orEmpty(volumeMounts);
      command = WireLists.orEmpty(command);
      args = WireLists.orEmpty(args);
    }
  }

  /** An option of the resolver. */
  public record DnsOption(@Nullable String name, @Nullable String value) {}

  /** How names are resolved. */
  public record DnsConfig(
      List<DnsOption> options, List<String> nameServers, List<String> searches) {
    public DnsConfig {
      options = WireLists.orEmpty(options);
      nameServers = WireLists.orEmpty(nameServers);
      searches = WireLists.orEmpty(searches);
    }
  }

  /** What runs. */
  public record Spec(
      @Nullable String restartPolicy,
      @Nullable String dnsPolicy,
      List<Volume> volumes,
      List<InitContainer> initContainers,
      List<Container> containers,
      @Nullable DnsConfig dnsConfig,
      @Nullable SecurityContext securityContext) {
    public Spec {
      volumes = WireLists.orEmpty(volumes);
      initContainers = WireLists.orEmpty(initContainers);
      containers = WireLists.orEmpty(containers);
    }
  }
}
