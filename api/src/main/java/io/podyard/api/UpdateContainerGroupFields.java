package io.podyard.api;

/** The rows of {@link FieldTable} for UpdateContainerGroup (contract section 12). */
final class UpdateContainerGroupFields {

  private UpdateContainerGroupFields() {}

  static void fill(FieldTable.Rows rows) {
    rows.works(
        "ClientToken",
        "ContainerGroupId",
        "Cpu",
        "DnsConfig.NameServer.N",
        "DnsConfig.Option.N.Name",
        "DnsConfig.Option.N.Value",
        "DnsConfig.Search.N",
        "ImageRegistryCredential.N.Password",
        "ImageRegistryCredential.N.Server",
        "ImageRegistryCredential.N.UserName",
        "Memory",
        "RegionId",
        "ResourceGroupId",
        "RestartPolicy",
        "Tag.N.Key",
        "Tag.N.Value",
        "UpdateType");
    rows.owner();
    rows.refused(
        "the vendor's registries do not exist here; give ImageRegistryCredential",
        "AcrRegistryInfo.N.Domain.N",
        "AcrRegistryInfo.N.InstanceId",
        "AcrRegistryInfo.N.InstanceName",
        "AcrRegistryInfo.N.RegionId");
    volumes(rows);
    container(rows, "Container.N.");
    container(rows, "InitContainer.N.");
    CreateContainerGroupFields.probe(rows, "Container.N.LivenessProbe.");
    CreateContainerGroupFields.probe(rows, "Container.N.ReadinessProbe.");
    hook(rows, "Container.N.LifecyclePostStartHandler", "HttpGetHttpHeaders");
    hook(rows, "Container.N.LifecyclePreStopHandler", "HttpGetHttpHeader");
  }

  private static void volumes(FieldTable.Rows rows) {
    rows.works(
        "Volume.N.ConfigFileVolume.ConfigFileToPath.N.Content",
        "Volume.N.ConfigFileVolume.ConfigFileToPath.N.Mode",
        "Volume.N.ConfigFileVolume.ConfigFileToPath.N.Path",
        "Volume.N.ConfigFileVolume.DefaultMode",
        "Volume.N.EmptyDirVolume.Medium",
        "Volume.N.EmptyDirVolume.SizeLimit",
        "Volume.N.Name",
        "Volume.N.Type");
    rows.works(
        "Volume.N.FlexVolume.Driver",
        "Volume.N.FlexVolume.FsType",
        "Volume.N.FlexVolume.Options",
        "Volume.N.HostPathVolume.Path",
        "Volume.N.HostPathVolume.Type",
        "Volume.N.NFSVolume.Path",
        "Volume.N.NFSVolume.ReadOnly",
        "Volume.N.NFSVolume.Server");
  }

  private static void container(FieldTable.Rows rows, String c) {
    rows.works(
        c + "Arg.N",
        c + "Command.N",
        c + "Cpu",
        c + "EnvironmentVar.N.FieldRef.FieldPath",
        c + "EnvironmentVar.N.Key",
        c + "EnvironmentVar.N.Value",
        c + "Gpu",
        c + "Image",
        c + "ImagePullPolicy",
        c + "Memory",
        c + "Name",
        c + "Port.N.Port",
        c + "Port.N.Protocol",
        c + "SecurityContext.Capability.Add.N",
        c + "SecurityContext.ReadOnlyRootFilesystem",
        c + "SecurityContext.RunAsUser",
        c + "VolumeMount.N.MountPath",
        c + "VolumeMount.N.MountPropagation",
        c + "VolumeMount.N.Name",
        c + "VolumeMount.N.ReadOnly",
        c + "VolumeMount.N.SubPath",
        c + "WorkingDir",
        c + "Stdin",
        c + "StdinOnce",
        c + "Tty");
  }

  private static void hook(FieldTable.Rows rows, String h, String headers) {
    rows.works(
        h + "Exec.N",
        h + "HttpGetHost",
        h + headers + ".N.Name",
        h + headers + ".N.Value",
        h + "HttpGetPath",
        h + "HttpGetPort",
        h + "HttpGetScheme",
        h + "TcpSocketHost",
        h + "TcpSocketPort");
  }
}
