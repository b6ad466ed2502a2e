package io.podyard.controlplane.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the contract's template has what a create has as a parameter. Both are dotted paths with
 * indices from 1; {@code N} stands for an index in the table.
 */
final class TemplatePaths {

  private static final Pattern INDEX = Pattern.compile("\\.([1-9][0-9]{0,4})(?=\\.|$)");

  private static final Map<String, String> TO_PARAMETER = new LinkedHashMap<>();
  private static final Map<String, String> TO_TEMPLATE = new LinkedHashMap<>();

  static {
    for (String same :
        new String[] {
          "ZoneId",
          "SecurityGroupId",
          "VSwitchId",
          "ResourceGroupId",
          "EipInstanceId",
          "ContainerGroupName",
          "InstanceType"
        }) {
      pair(same, same);
    }
    pair("Tags.N.Key", "Tag.N.Key");
    pair("Tags.N.Value", "Tag.N.Value");
    pair("Resources.Cpu", "Cpu");
    pair("Resources.Memory", "Memory");
    pair("Spec.RestartPolicy", "RestartPolicy");
    pair("Spec.DnsPolicy", "DnsPolicy");
    pair("Spec.DnsConfig.NameServers.N", "DnsConfig.NameServer.N");
    pair("Spec.DnsConfig.Searches.N", "DnsConfig.Search.N");
    pair("Spec.DnsConfig.Options.N.Name", "DnsConfig.Option.N.Name");
    pair("Spec.DnsConfig.Options.N.Value", "DnsConfig.Option.N.Value");
    pair("Spec.SecurityContext.Sysctls.N.Name", "SecurityContext.Sysctl.N.Name");
    pair("Spec.SecurityContext.Sysctls.N.Value", "SecurityContext.Sysctl.N.Value");
    volumes();
    container("Spec.Containers.N.", "Container.N.");
    container("Spec.InitContainers.N.", "InitContainer.N.");
    probe("Spec.Containers.N.ReadinessProbe.", "Container.N.ReadinessProbe.");
    probe("Spec.Containers.N.LivenessProbe.", "Container.N.LivenessProbe.");
  }

  private TemplatePaths() {}

  private static void volumes() {
    String template = "Spec.Volumes.N.";
    String parameter = "Volume.N.";
    pair(template + "Name", parameter + "Name");
    pair(template + "ConfigFile.DefaultMode", parameter + "ConfigFileVolume.DefaultMode");
    String file = parameter + "ConfigFileVolume.ConfigFileToPath.N.";
    pair(template + "ConfigFile.Items.N.Mode", file + "Mode");
    pair(template + "ConfigFile.Items.N.Path", file + "Path");
    pair(template + "ConfigFile.Items.N.Content", file + "Content");
    pair(template + "EmptyDir.SizeLimit", parameter + "EmptyDirVolume.SizeLimit");
    pair(template + "Nfs.Server", parameter + "NFSVolume.Server");
    pair(template + "Nfs.Path", parameter + "NFSVolume.Path");
    pair(template + "Nfs.ReadOnly", parameter + "NFSVolume.ReadOnly");
  }

  private static void container(String template, String parameter) {
    for (String same :
        new String[] {
          "Name", "Image", "ImagePullPolicy", "Stdin", "StdinOnce", "Tty", "WorkingDir", "Command.N"
        }) {
      pair(template + same, parameter + same);
    }
    pair(template + "Args.N", parameter + "Arg.N");
    pair(template + "Resources.Cpu", parameter + "Cpu");
    pair(template + "Resources.Memory", parameter + "Memory");
    pair(template + "Env.N.Name", parameter + "EnvironmentVar.N.Key");
    pair(template + "Env.N.Value", parameter + "EnvironmentVar.N.Value");
    pair(
        template + "Env.N.ValueFrom.FieldRef.FieldPath",
        parameter + "EnvironmentVar.N.FieldRef.FieldPath");
    pair(template + "Ports.N.ContainerPort", parameter + "Port.N.Port");
    pair(template + "Ports.N.Protocol", parameter + "Port.N.Protocol");
    for (String same : new String[] {"Name", "MountPath", "SubPath", "ReadOnly"}) {
      pair(template + "VolumeMounts.N." + same, parameter + "VolumeMount.N." + same);
    }
  }

  private static void probe(String template, String parameter) {
    for (String same :
        new String[] {
          "InitialDelaySeconds",
          "PeriodSeconds",
          "SuccessThreshold",
          "FailureThreshold",
          "TimeoutSeconds",
          "Exec.Command.N",
          "TcpSocket.Port",
          "HttpGet.Scheme",
          "HttpGet.Path",
          "HttpGet.Port"
        }) {
      pair(template + same, parameter + same);
    }
  }

  private static void pair(String template, String parameter) {
    TO_PARAMETER.put(template, parameter);
    TO_TEMPLATE.put(parameter, template);
  }

  /** The parameter at a place of a template; empty if a create has none there. */
  static Optional<String> parameter(String place) {
    return translated(place, TO_PARAMETER);
  }

  /** The place of a parameter; empty if the contract's template has none for it. */
  static Optional<String> place(String parameter) {
    return translated(parameter, TO_TEMPLATE);
  }

  private static Optional<String> translated(String path, Map<String, String> table) {
    Matcher indices = INDEX.matcher(path);
    String wanted = table.get(indices.replaceAll(".N"));
    if (wanted == null) {
      return Optional.empty();
    }
    String result = wanted;
    indices.reset();
    while (indices.find()) {
      result = result.replaceFirst("\\.N(?=\\.|$)", "." + indices.group(1));
    }
    return Optional.of(result);
  }
}
