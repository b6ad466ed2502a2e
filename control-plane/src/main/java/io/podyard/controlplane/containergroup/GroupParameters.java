package io.podyard.controlplane.containergroup;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.Probe;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Terminal;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group as the parameters of the CreateContainerGroup that would make one like it, what is as by
 * default left out. Secrets are left out: passwords of registries, contents of configuration files
 * and the values of a container that hides them.
 */
public final class GroupParameters {

  private final Map<String, String> parameters = new TreeMap<>();

  private GroupParameters() {}

  /** Names as they go on the wire, without the region. */
  public static Map<String, String> of(GroupRecord group) {
    GroupParameters all = new GroupParameters();
    all.group(group);
    all.kept(group.kept());
    all.volumes(group.spec().volumes(), group.kept());
    GroupSpec spec = group.spec();
    all.containers("Container", spec.containers(), spec);
    all.containers("InitContainer", spec.initContainers(), spec);
    return all.parameters;
  }

  private void sysctls(Map<String, String> sysctls) {
    Map<String, Integer> counts = new HashMap<>();
    sysctls.forEach(
        (name, value) -> {
          String list =
              SysctlRules.isForTheOperator(name) ? SysctlRules.HOST_LIST : SysctlRules.SAFE_LIST;
          int index = counts.merge(list, 1, Integer::sum) - 1;
          put(SysctlRules.path(list, index) + ".Name", name);
          put(SysctlRules.path(list, index) + ".Value", value);
        });
  }

  private void group(GroupRecord group) {
    GroupSpec spec = group.spec();
    put("ContainerGroupName", group.name());
    put("ZoneId", group.zone());
    machine(group);
    put("RestartPolicy", PolicyNames.of(spec.restartPolicy()));
    put("HostName", spec.hostName());
    put("ActiveDeadlineSeconds", spec.activeDeadlineSeconds());
    putUnless(
        "TerminationGracePeriodSeconds",
        spec.terminationGraceSeconds(),
        GroupSpec.DEFAULT_GRACE_SECONDS);
    putUnless("MaxPendingMinute", spec.maxPendingMinutes(), GroupSpec.DEFAULT_MAX_PENDING_MINUTES);
    putUnless("EphemeralStorage", EphemeralStorage.additionalGib(spec), 0);
    sysctls(spec.sysctls());
    putIf("ShareProcessNamespace", spec.sharesProcesses());
    put("PlainHttpRegistry", joined(spec.plainHttpRegistries()));
    put("InsecureRegistry", joined(spec.insecureRegistries()));
    for (int i = 0; i < spec.registryCredentials().size(); i++) {
      RegistryCredential login = spec.registryCredentials().get(i);
      put(at("ImageRegistryCredential", i, "Server"), login.server());
      put(at("ImageRegistryCredential", i, "UserName"), login.userName());
    }
    for (int i = 0; i < spec.hostAliases().size(); i++) {
      HostAlias alias = spec.hostAliases().get(i);
      put(at("HostAliase", i, "Ip"), alias.ip());
      putAll(at("HostAliase", i, "Hostname"), alias.hostnames());
    }
    dns(spec.dns());
    int tag = 0;
    for (Map.Entry<String, String> entry : group.tags().entrySet()) {
      put(at("Tag", tag, "Key"), entry.getKey());
      put(at("Tag", tag, "Value"), entry.getValue());
      tag++;
    }
  }

  /** The kinds of machines that it named; a group of an instance type has no other size. */
  private void machine(GroupRecord group) {
    MachineWish machine = group.kept().machine();
    MachineOption option = group.kept().option();
    List<String> names = machine == null ? List.of() : machine.instanceTypes();
    if (names.isEmpty() || (option != null && option.instanceType() == null)) {
      put("Cpu", group.size().cpu().vcpu());
      put("Memory", group.size().memory().gib());
    } else {
      put("InstanceType", joined(names));
    }
    if (machine != null) {
      putAll("ComputeCategory", machine.computeCategories());
      String architecture = machine.architecture();
      put("CpuArchitecture", architecture == null ? null : architecture.toUpperCase(Locale.ROOT));
    }
  }

  private void kept(KeptFields kept) {
    put("VSwitchId", kept.vSwitchId());
    put("SecurityGroupId", kept.securityGroupId());
    put("ResourceGroupId", kept.resourceGroupId());
    put("RamRoleName", kept.ramRoleName());
    put("DnsPolicy", kept.dnsPolicy());
    put("GpuDriverVersion", kept.gpuDriverVersion());
    put("DataCacheBucket", kept.dataCacheBucket());
    SpotWish spot = kept.spot();
    if (spot != null) {
      put("SpotStrategy", spot.strategy());
      put("SpotPriceLimit", spot.priceLimit());
      put("SpotDuration", spot.hours());
    }
    OwnerFields owner = kept.owner();
    if (owner != null) {
      put("OwnerAccount", owner.ownerAccount());
      put("OwnerId", owner.ownerId());
      put("ResourceOwnerAccount", owner.resourceOwnerAccount());
      put("ResourceOwnerId", owner.resourceOwnerId());
    }
  }

  private void dns(@Nullable DnsSettings dns) {
    if (dns == null) {
      return;
    }
    putAll("DnsConfig.NameServer", dns.nameServers());
    putAll("DnsConfig.Search", dns.searches());
    for (int i = 0; i < dns.options().size(); i++) {
      String option = dns.options().get(i);
      int colon = option.indexOf(':');
      put(at("DnsConfig.Option", i, "Name"), colon < 0 ? option : option.substring(0, colon));
      put(at("DnsConfig.Option", i, "Value"), colon < 0 ? null : option.substring(colon + 1));
    }
  }

  private void volumes(List<VolumeSpec> volumes, KeptFields kept) {
    for (int i = 0; i < volumes.size(); i++) {
      put(at("Volume", i, "Name"), volumes.get(i).name());
      switch (volumes.get(i)) {
        case VolumeSpec.EmptyDir(String _, boolean inMemory, @Nullable Integer limitMib) -> {
          put(at("Volume", i, "Type"), "EmptyDirVolume");
          put(at("Volume", i, "EmptyDirVolume.Medium"), inMemory ? "Memory" : null);
          put(
              at("Volume", i, "EmptyDirVolume.SizeLimit"),
              limitMib == null ? null : limitMib + "Mi");
        }
        case VolumeSpec.Nfs nfs when nfs.flexOptions() != null -> {
          put(at("Volume", i, "Type"), VolumeRules.FLEX);
          put(at("Volume", i, "FlexVolume.Driver"), NetworkVolumeRules.NAS);
          put(at("Volume", i, "FlexVolume.Options"), nfs.flexOptions());
        }
        case VolumeSpec.Nfs nfs -> {
          put(at("Volume", i, "Type"), VolumeRules.NFS);
          put(at("Volume", i, "NFSVolume.Server"), nfs.server());
          put(at("Volume", i, "NFSVolume.Path"), nfs.path());
          putIf(at("Volume", i, "NFSVolume.ReadOnly"), nfs.readOnly());
        }
        case VolumeSpec.Disk disk -> {
          KeptDisk asked = kept.disk(disk.name());
          if (asked.flex()) {
            put(at("Volume", i, "Type"), VolumeRules.FLEX);
            put(at("Volume", i, "FlexVolume.Driver"), DiskRules.DRIVER);
            put(at("Volume", i, "FlexVolume.Options"), DiskOptions.write(disk, asked, false));
          } else {
            put(at("Volume", i, "Type"), VolumeRules.DISK);
            put(at("Volume", i, "DiskVolume.DiskId"), asked.existing() ? disk.id() : null);
            put(at("Volume", i, "DiskVolume.DiskSize"), asked.existing() ? null : disk.sizeGib());
          }
        }
        case VolumeSpec.DataCache data -> {
          put(at("Volume", i, "Type"), VolumeRules.HOST_PATH);
          put(at("Volume", i, "HostPathVolume.Path"), data.hostPath());
        }
        case VolumeSpec.HostPath path -> {
          put(at("Volume", i, "Type"), VolumeRules.HOST_PATH);
          put(at("Volume", i, "HostPathVolume.Path"), path.path());
          put(
              at("Volume", i, "HostPathVolume.Type"),
              switch (path.type()) {
                case DIRECTORY -> "Directory";
                case FILE -> "File";
              });
        }
        case VolumeSpec.ConfigFiles(String _, List<VolumeSpec.ConfigFile> files) -> {
          put(at("Volume", i, "Type"), "ConfigFileVolume");
          for (int j = 0; j < files.size(); j++) {
            String file = at(at("Volume", i, "ConfigFileVolume.ConfigFileToPath"), j, "");
            put(file + "Path", files.get(j).path());
            put(file + "Mode", Integer.toOctalString(files.get(j).mode()));
          }
        }
      }
    }
  }

  private void containers(String list, List<ContainerSpec> containers, GroupSpec group) {
    for (int i = 0; i < containers.size(); i++) {
      ContainerSpec container = containers.get(i);
      String path = at(list, i, "");
      put(path + "Name", container.name());
      put(path + "Image", container.image());
      put(path + "ImagePullPolicy", PolicyNames.of(container.pullPolicy()));
      put(path + "WorkingDir", container.workingDir());
      putAll(path + "Command", container.command());
      putAll(path + "Arg", container.args());
      size(path, container.size(), group.size());
      GroupGpus gpus = group.gpus();
      putUnless(path + "Gpu", gpus == null ? 0 : gpus.of(container.name()), 0);
      environment(path, container);
      for (int j = 0; j < container.ports().size(); j++) {
        put(at(path + "Port", j, "Port"), container.ports().get(j).port());
        put(at(path + "Port", j, "Protocol"), container.ports().get(j).protocol().name());
      }
      for (int j = 0; j < container.mounts().size(); j++) {
        VolumeMount mount = container.mounts().get(j);
        put(at(path + "VolumeMount", j, "Name"), mount.volume());
        put(at(path + "VolumeMount", j, "MountPath"), mount.path());
        put(at(path + "VolumeMount", j, "SubPath"), mount.subPath());
        putIf(at(path + "VolumeMount", j, "ReadOnly"), mount.readOnly());
        put(
            at(path + "VolumeMount", j, "MountPropagation"),
            switch (mount.propagation()) {
              case HOST_TO_CONTAINER -> "HostToContainer";
              case null -> null;
            });
      }
      security(path, container);
      terminal(path, container.terminal());
      message(path, container.terminationMessage());
      probe(path + "LivenessProbe.", container.lifecycle().livenessProbe());
      probe(path + "ReadinessProbe.", container.lifecycle().readinessProbe());
      hook(path + "LifecyclePostStartHandler", container.lifecycle().postStart());
      hook(path + "LifecyclePreStopHandler", container.lifecycle().preStop());
    }
  }

  /** What a container has of one dimension because it said nothing of it is the group's. */
  private void size(String path, @Nullable Size size, Size group) {
    if (size == null) {
      return;
    }
    boolean sameCpu = size.cpu().equals(group.cpu());
    boolean sameMemory = size.memory().equals(group.memory());
    put(path + "Cpu", sameCpu && !sameMemory ? null : size.cpu().vcpu());
    put(path + "Memory", sameMemory && !sameCpu ? null : size.memory().gib());
  }

  private void environment(String path, ContainerSpec container) {
    putIf(path + "EnvironmentVarHide", container.hideEnvironment());
    for (int j = 0; j < container.environment().size(); j++) {
      EnvironmentVariable variable = container.environment().get(j);
      String at = at(path + "EnvironmentVar", j, "");
      put(at + "Key", variable.name());
      switch (variable.source()) {
        case POD_IP -> put(at + "FieldRef.FieldPath", EnvironmentRules.POD_IP);
        case VALUE ->
            put(at + "Value", container.hideEnvironment() ? null : variable.value().reveal());
      }
    }
  }

  private void security(String path, ContainerSpec container) {
    put(path + "SecurityContext.RunAsUser", container.runAsUser());
    putIf(path + "SecurityContext.ReadOnlyRootFilesystem", container.readOnlyRootFilesystem());
    putAll(path + "SecurityContext.Capability.Add", container.addedCapabilities());
    put(path + "SecurityContextRunAsGroup", container.runAsGroup());
    putIf(path + "SecurityContextRunAsNonRoot", container.runAsNonRoot());
  }

  private void terminal(String path, Terminal terminal) {
    putIf(path + "Stdin", terminal.stdin());
    putIf(path + "StdinOnce", terminal.stdinOnce());
    putIf(path + "Tty", terminal.tty());
  }

  private void message(String path, TerminationMessage message) {
    if (!message.path().equals(TerminationMessage.DEFAULT_PATH)) {
      put(path + "TerminationMessagePath", message.path());
    }
    put(
        path + "TerminationMessagePolicy",
        message.fallsBackToLogs() ? "FallbackToLogsOnError" : null);
  }

  private void probe(String path, @Nullable Probe probe) {
    if (probe == null) {
      return;
    }
    put(path + "InitialDelaySeconds", probe.initialDelaySeconds());
    put(path + "PeriodSeconds", probe.periodSeconds());
    put(path + "TimeoutSeconds", probe.timeoutSeconds());
    put(path + "SuccessThreshold", probe.successThreshold());
    put(path + "FailureThreshold", probe.failureThreshold());
    handler(path, ".", "Exec.Command", probe.handler());
  }

  private void hook(String path, @Nullable Handler hook) {
    if (hook != null) {
      handler(path, "", "Exec", hook);
    }
  }

  private void handler(String path, String dot, String exec, Handler handler) {
    switch (handler) {
      case Handler.Exec(List<String> command) -> putAll(path + exec, command);
      case Handler.HttpGet get -> {
        String http = path + "HttpGet" + dot;
        put(http + "Host", get.host());
        put(http + "Port", get.port());
        put(http + "Path", get.path());
        put(http + "Scheme", get.tls() ? "HTTPS" : "HTTP");
        for (int i = 0; i < get.headers().size(); i++) {
          put(at(http + "HttpHeader", i, "Name"), get.headers().get(i).name());
          put(at(http + "HttpHeader", i, "Value"), get.headers().get(i).value());
        }
      }
      case Handler.TcpSocket(@Nullable String host, int port) -> {
        put(path + "TcpSocket" + dot + "Host", host);
        put(path + "TcpSocket" + dot + "Port", port);
      }
    }
  }

  private static String at(String list, int index, String field) {
    return list + "." + (index + 1) + "." + field;
  }

  private static @Nullable String joined(List<String> texts) {
    return texts.isEmpty() ? null : String.join(",", texts);
  }

  private void putAll(String list, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      put(list + "." + (i + 1), texts.get(i));
    }
  }

  private void putIf(String name, boolean set) {
    put(name, set ? "true" : null);
  }

  private void putUnless(String name, int value, int byDefault) {
    put(name, value == byDefault ? null : value);
  }

  private void put(String name, @Nullable Object value) {
    if (value instanceof BigDecimal number) {
      parameters.put(name, number.stripTrailingZeros().toPlainString());
    } else if (value != null) {
      parameters.put(name, value.toString());
    }
  }
}
