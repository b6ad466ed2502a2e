package io.podyard.api;

import java.util.List;

/** The rows of {@link FieldTable} for CreateContainerGroup. */
final class CreateContainerGroupFields {

  private static final List<String> OFF = List.of("false");
  private static final List<String> ZERO = List.of("0");

  private CreateContainerGroupFields() {}

  static void fill(FieldTable.Rows rows) {
    group(rows);
    volumes(rows);
    container(rows, "Container.N.");
    container(rows, "InitContainer.N.");
    applicationContainerOnly(rows);
    probe(rows, "Container.N.LivenessProbe.");
    probe(rows, "Container.N.ReadinessProbe.");
    hook(rows, "Container.N.LifecyclePostStartHandler");
    hook(rows, "Container.N.LifecyclePreStopHandler");
    size(rows);
    network(rows);
    images(rows);
    system(rows);
  }

  private static void group(FieldTable.Rows rows) {
    rows.works(
        "ActiveDeadlineSeconds",
        "ClientToken",
        "ContainerGroupName",
        "Cpu",
        "DnsConfig.NameServer.N",
        "DnsConfig.Option.N.Name",
        "DnsConfig.Option.N.Value",
        "DnsConfig.Search.N",
        "DnsPolicy",
        "DryRun",
        "HostAliase.N.Hostname.N",
        "HostAliase.N.Ip",
        "HostName",
        "ImageRegistryCredential.N.Password",
        "ImageRegistryCredential.N.Server",
        "ImageRegistryCredential.N.UserName",
        "InsecureRegistry",
        "MaxPendingMinute",
        "Memory",
        "PlainHttpRegistry",
        "RegionId",
        "RestartPolicy",
        "ScheduleStrategy",
        "ShareProcessNamespace",
        "Tag.N.Key",
        "Tag.N.Value",
        "TerminationGracePeriodSeconds",
        "VSwitchId",
        "ZoneId");
    rows.ownerKept();
    rows.kept("GpuDriverVersion", "RamRoleName", "ResourceGroupId", "SecurityGroupId");
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
        "Volume.N.DiskVolume.DiskId",
        "Volume.N.DiskVolume.DiskSize",
        "Volume.N.DiskVolume.FsType",
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
        c + "TerminationMessagePath",
        c + "TerminationMessagePolicy",
        c + "VolumeMount.N.MountPath",
        c + "VolumeMount.N.MountPropagation",
        c + "VolumeMount.N.Name",
        c + "VolumeMount.N.ReadOnly",
        c + "VolumeMount.N.SubPath",
        c + "WorkingDir");
  }

  private static void applicationContainerOnly(FieldTable.Rows rows) {
    rows.works(
        "Container.N.EnvironmentVarHide",
        "Container.N.SecurityContextRunAsGroup",
        "Container.N.SecurityContextRunAsNonRoot",
        "Container.N.Stdin",
        "Container.N.StdinOnce",
        "Container.N.Tty");
    rows.refusedUnless(
        OFF, "privileged containers are not allowed", "Container.N.SecurityContextPrivileged");
  }

  static void probe(FieldTable.Rows rows, String p) {
    rows.works(
        p + "Exec.Command.N",
        p + "FailureThreshold",
        p + "HttpGet.Path",
        p + "HttpGet.Port",
        p + "HttpGet.Scheme",
        p + "InitialDelaySeconds",
        p + "PeriodSeconds",
        p + "SuccessThreshold",
        p + "TcpSocket.Port",
        p + "TimeoutSeconds");
  }

  private static void hook(FieldTable.Rows rows, String h) {
    rows.works(
        h + "Exec.N",
        h + "HttpGetHost",
        h + "HttpGetHttpHeader.N.Name",
        h + "HttpGetHttpHeader.N.Value",
        h + "HttpGetPath",
        h + "HttpGetPort",
        h + "HttpGetScheme",
        h + "TcpSocketHost",
        h + "TcpSocketPort");
  }

  private static void size(FieldTable.Rows rows) {
    rows.works("ComputeCategory.N", "CpuArchitecture", "InstanceType");
    rows.refused(
        "processor options are not built in yet",
        "CpuOptionsCore",
        "CpuOptionsNuma",
        "CpuOptionsThreadsPerCore");
    rows.works("EphemeralStorage");
    rows.works("SpotDuration", "SpotPriceLimit", "SpotStrategy");
    rows.refusedUnless(OFF, "the contract does not say what it means", "StrictSpot");
    rows.refusedUnless(
        OFF,
        "reserving the overhead is not built in",
        "OverheadReservationOption.EnableOverheadReservation");
  }

  private static void network(FieldTable.Rows rows) {
    String noPublic =
        "groups have no public addresses here, only one in the network of their vSwitch";
    rows.refusedUnless(OFF, noPublic, "AutoCreateEip");
    rows.refused(noPublic, "EipBandwidth", "EipCommonBandwidthPackage", "EipISP", "EipInstanceId");
    rows.refused("traffic is not limited here", "EgressBandwidth", "IngressBandwidth");
    rows.refusedUnless(OFF, "a group's address ends with the group", "FixedIp");
    rows.refused("a group's address ends with the group", "FixedIpRetainHour");
    rows.refused("its vSwitch or its host gives a group its address", "PrivateIpAddress");
    rows.refusedUnless(ZERO, "groups have IPv4 addresses only", "Ipv6AddressCount");
    rows.refused("groups have IPv4 addresses only", "Ipv6GatewayBandwidth");
    rows.refusedUnless(OFF, "groups have IPv4 addresses only", "Ipv6GatewayBandwidthEnable");
    rows.accepted(
        "containers have the clock of their host, which its operator keeps right", "NtpServer.N");
  }

  private static void images(FieldTable.Rows rows) {
    rows.refused(
        "the vendor's registries do not exist here; give ImageRegistryCredential",
        "AcrRegistryInfo.N.ArnService",
        "AcrRegistryInfo.N.ArnUser",
        "AcrRegistryInfo.N.Domain.N",
        "AcrRegistryInfo.N.InstanceId",
        "AcrRegistryInfo.N.InstanceName",
        "AcrRegistryInfo.N.RegionId");
    rows.works("AutoMatchImageCache", "ImageSnapshotId");
    rows.refused("image acceleration is not built in", "ImageAccelerateMode");
    rows.works("DataCacheBucket");
    String ownDisks = "hosts hold data caches on their own disks, which are as fast as they are";
    rows.refusedUnless(List.of("PL1"), ownDisks, "DataCachePL");
    rows.refusedUnless(OFF, ownDisks, "DataCacheBurstingEnabled");
    rows.refusedUnless(ZERO, ownDisks, "DataCacheProvisionedIops");
  }

  private static void system(FieldTable.Rows rows) {
    rows.refusedUnless(
        OFF,
        "containers see the processors and the memory of their host, within their limits",
        "ContainerResourceView");
    rows.refused("a host has one core pattern for all its groups", "CorePattern");
    rows.works(
        "HostSecurityContext.Sysctl.N.Name",
        "HostSecurityContext.Sysctl.N.Value",
        "SecurityContext.Sysctl.N.Name",
        "SecurityContext.Sysctl.N.Value");
    rows.refusedUnless(List.of("Linux"), "only Linux is accepted", "OsType");
    rows.refusedUnless(OFF, "the log service of the vendor does not exist here", "SlsEnable");
  }
}
