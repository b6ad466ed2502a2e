package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static io.podyard.controlplane.containergroup.Refusals.assertSingleProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Problem;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeRulesTest {

  private static final String FILE = "ConfigFileVolume.ConfigFileToPath.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Name=v | MissingParameter | Type",
        "Name=v;Type=Ephemeral | InvalidParameter | Type",
        "Name=v;Type=DiskVolume | MissingParameter | DiskVolume",
        "Name=v;Type=DiskVolume;DiskVolume.DiskSize=20;DiskVolume.FsType=xfs | InvalidParameter |"
            + " DiskVolume.FsType",
        "Name=v;Type=DiskVolume;DiskVolume.DiskSize=32769 | InvalidParameter.ValueExceeded |"
            + " DiskVolume.DiskSize",
        "Name=v;Type=DiskVolume;DiskVolume.DiskSize=20;DiskVolume.DiskId=d-00000000000000000000 |"
            + " InvalidParameter | DiskVolume.DiskSize",
        "Name=v;Type=DiskVolume;DiskVolume.DiskId=../etc | InvalidDiskId.NotFound |"
            + " DiskVolume.DiskId",
        "Name=v;Type=EmptyDirVolume;DiskVolume.DiskSize=20 | InvalidParameter | DiskVolume",
        "Name=v;Type=NFSVolume;NFSVolume.Path=/a | MissingParameter | NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=s | MissingParameter | NFSVolume.Path",
        "Name=v;Type=NFSVolume;NFSVolume.Server=s;NFSVolume.Path=a | InvalidParameter |"
            + " NFSVolume.Path",
        "Name=v;Type=NFSVolume;NFSVolume.Server=s;NFSVolume.Path=/a/../b | InvalidParameter |"
            + " NFSVolume.Path",
        "Name=v;Type=NFSVolume;NFSVolume.Server=s,rw;NFSVolume.Path=/a | InvalidParameter |"
            + " NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=127.0.0.1;NFSVolume.Path=/a | InvalidParameter |"
            + " NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=127.1;NFSVolume.Path=/a | InvalidParameter |"
            + " NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=169.254.169.254;NFSVolume.Path=/a |"
            + " InvalidParameter | NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=::1;NFSVolume.Path=/a | InvalidParameter |"
            + " NFSVolume.Server",
        "Name=v;Type=NFSVolume;NFSVolume.Server=localhost;NFSVolume.Path=/a | InvalidParameter |"
            + " NFSVolume.Server",
        "Name=v;Type=HostPathVolume | MissingParameter | HostPathVolume.Path",
        "Name=v;Type=HostPathVolume;HostPathVolume.Path=a | InvalidParameter |"
            + " HostPathVolume.Path",
        "Name=v;Type=HostPathVolume;HostPathVolume.Path=/a/../etc | InvalidParameter |"
            + " HostPathVolume.Path",
        "Name=v;Type=HostPathVolume;HostPathVolume.Path=/a;HostPathVolume.Type=Socket |"
            + " InvalidParameter | HostPathVolume.Type",
        "Name=v;Type=FlexVolume | MissingParameter | FlexVolume.Driver",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/oss | InvalidParameter |"
            + " FlexVolume.Driver",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/disk | MissingParameter |"
            + " FlexVolume.Options",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/disk;FlexVolume.Options=[] |"
            + " InvalidParameter | FlexVolume.Options",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/disk;"
            + "FlexVolume.Options={\"volumeSize\":2.5} | InvalidParameter |"
            + " FlexVolume.Options.volumeSize",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/disk;"
            + "FlexVolume.Options={\"volumeSize\":{}} | InvalidParameter |"
            + " FlexVolume.Options.volumeSize",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/disk;"
            + "FlexVolume.Options={\"volumeSize\":20,\"encrypted\":\"true\"} | InvalidParameter |"
            + " FlexVolume.Options.encrypted",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/nas | MissingParameter |"
            + " FlexVolume.Options",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/nas;FlexVolume.Options=x |"
            + " InvalidParameter | FlexVolume.Options",
        "Name=v;Type=FlexVolume;FlexVolume.Driver=alicloud/nas;FlexVolume.FsType=ext4;"
            + "FlexVolume.Options={\"server\":\"s\",\"path\":\"/p\"} | InvalidParameter |"
            + " FlexVolume.FsType",
        "Type=EmptyDirVolume | MissingParameter | Name",
        "Name=V;Type=EmptyDirVolume | InvalidParameter | Name",
        "Name=../v;Type=EmptyDirVolume | InvalidParameter | Name",
        "Name={64};Type=EmptyDirVolume | InvalidParameter.LengthExceeded | Name",
        "Name=v;Type=EmptyDirVolume;EmptyDirVolume.Medium=LocalRaid0 | InvalidParameter |"
            + " EmptyDirVolume.Medium",
        "Name=v;Type=EmptyDirVolume;EmptyDirVolume.SizeLimit=2G | InvalidParameter |"
            + " EmptyDirVolume.SizeLimit",
        "Name=v;Type=EmptyDirVolume;EmptyDirVolume.SizeLimit=-1 | InvalidParameter |"
            + " EmptyDirVolume.SizeLimit",
        "Name=v;Type=EmptyDirVolume;EmptyDirVolume.SizeLimit=0 | InvalidParameter.ValueExceeded |"
            + " EmptyDirVolume.SizeLimit",
        "Name=v;Type=EmptyDirVolume;EmptyDirVolume.SizeLimit=5001 |"
            + " InvalidParameter.ValueExceeded | EmptyDirVolume.SizeLimit",
        "Name=v;Type=EmptyDirVolume;ConfigFileVolume.DefaultMode=644 | InvalidParameter |"
            + " ConfigFileVolume",
        "Name=v;Type=ConfigFileVolume | MissingParameter | ConfigFileVolume.ConfigFileToPath"
      })
  void whatIsWrongWithAVolumeIsNamed(String changes, String code, String parameter) {
    assertSingleProblem(
        "Volume.1." + changes.replace(";", ";Volume.1."), code, "Volume.1." + parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.Path=a | MissingParameter | 1.Content",
        "1.Content=YQ== | MissingParameter | 1.Path",
        "1.Content=YQ==;1.Path=/a | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path=a/../../b | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path=a//b | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path=./a | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path=a/ | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path={256} | InvalidParameter | 1.Path",
        "1.Content=YQ==;1.Path=a;2.Content=YQ==;2.Path=a | InvalidParameter | 2.Path",
        "1.Content=YQ==;1.Path=a/b;2.Content=YQ==;2.Path=a | InvalidParameter | 2.Path",
        "1.Content=*;1.Path=a | InvalidParameter | 1.Content",
        "1.Content=YQ==;1.Path=a;1.Mode=888 | InvalidParameter | 1.Mode",
        "1.Content=YQ==;1.Path=a;1.Mode=1755 | InvalidParameter | 1.Mode",
        "1.Content=YQ==;1.Path=a;1.Mode=-1 | InvalidParameter | 1.Mode"
      })
  void whatIsWrongWithAConfigFileIsNamed(String changes, String code, String parameter) {
    String at = "Volume.1." + FILE;
    assertSingleProblem(
        "Volume.1.Name=v;Volume.1.Type=ConfigFileVolume;" + at + changes.replace(";", ";" + at),
        code,
        at + parameter);
  }

  @Test
  void theModeOfAVolumeIsThatOfItsFiles() {
    assertSingleProblem(
        "Volume.1.Name=v;Volume.1.Type=ConfigFileVolume;"
            + "Volume.1.ConfigFileVolume.DefaultMode=999;Volume.1."
            + FILE
            + "1.Path=a;Volume.1."
            + FILE
            + "1.Content=",
        "InvalidParameter",
        "Volume.1.ConfigFileVolume.DefaultMode");
  }

  @Test
  void foldersOfServersAndHostsAreRead() {
    assertThat(
            draft(
                    "Volume.1.Name=a",
                    "Volume.1.Type=NFSVolume",
                    "Volume.1.NFSVolume.Server=nfs.example.com",
                    "Volume.1.NFSVolume.Path=//share/x/",
                    "Volume.1.NFSVolume.ReadOnly=true",
                    "Volume.2.Name=b",
                    "Volume.2.Type=FlexVolume",
                    "Volume.2.FlexVolume.Driver=alicloud/nas",
                    "Volume.2.FlexVolume.Options={\"server\":\"10.1.2.3\",\"path\":\"/p\"}",
                    "Volume.3.Name=c",
                    "Volume.3.Type=HostPathVolume",
                    "Volume.3.HostPathVolume.Path=/srv/data",
                    "Volume.4.Name=d",
                    "Volume.4.Type=HostPathVolume",
                    "Volume.4.HostPathVolume.Path=/srv/file",
                    "Volume.4.HostPathVolume.Type=File")
                .spec()
                .volumes())
        .containsExactly(
            new VolumeSpec.Nfs("a", "nfs.example.com", "/share/x", true),
            new VolumeSpec.Nfs(
                "b", "10.1.2.3", "/p", false, "{\"server\":\"10.1.2.3\",\"path\":\"/p\"}"),
            new VolumeSpec.HostPath("c", "/srv/data", VolumeSpec.HostPathKind.DIRECTORY),
            new VolumeSpec.HostPath("d", "/srv/file", VolumeSpec.HostPathKind.FILE));
  }

  @Test
  void disksAreReadWithHowTheyWereAskedFor() {
    GroupDraft draft =
        draft(
            "Volume.1.Name=z",
            "Volume.1.Type=DiskVolume",
            "Volume.1.DiskVolume.DiskSize=40",
            "Volume.2.Name=a",
            "Volume.2.Type=FlexVolume",
            "Volume.2.FlexVolume.Driver=alicloud/disk",
            "Volume.2.FlexVolume.FsType=ext4",
            "Volume.2.FlexVolume.Options={\"volumeId\":\"d-00000000000000000000\","
                + "\"encrypted\":false,\"kmsKeyId\":\"\",\"deleteWithInstance\":\"true\"}");
    assertThat(draft.spec().volumes())
        .containsExactly(
            new VolumeSpec.Disk("z", DiskRules.NEW, 40),
            new VolumeSpec.Disk("a", "d-00000000000000000000", 20));
    assertThat(draft.kept().disks())
        .containsExactly(
            Map.entry("a", new KeptDisk(true, true, true, null)),
            Map.entry("z", new KeptDisk(false, false, false, null)));
  }

  @Test
  void namesAreUniqueAndAtMostTwenty() {
    assertSingleProblem(
        "Volume.1.Name=v;Volume.1.Type=EmptyDirVolume;"
            + "Volume.2.Name=v;Volume.2.Type=EmptyDirVolume",
        "InvalidParameter.DuplicatedVolumeName",
        "Volume.2.Name");
    List<String> volumes = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      volumes.add("Volume." + i + ".Name=v" + i);
      volumes.add("Volume." + i + ".Type=EmptyDirVolume");
    }
    assertThat(draft(volumes.toArray(String[]::new)).spec().volumes()).hasSize(20);
    volumes.add("Volume.21.Name=v21");
    volumes.add("Volume.21.Type=EmptyDirVolume");
    assertSingleProblem(String.join(";", volumes), "InvalidParameter.ValueExceeded", "Volume");
  }

  @Test
  void aFileHasAtMostThirtyTwoKibibytesAndAllFilesOfAGroupSixty() {
    int most = 32 * 1024;
    int rest = 60 * 1024 - most;

    assertThat(draft(twoFiles(most, rest)).spec().volumes()).hasSize(2);
    assertThat(refusal(twoFiles(most + 1, 1)).problems())
        .extracting(Problem::parameter)
        .containsExactly("Volume.1." + FILE + "1.Content");
    assertThat(refusal(twoFiles(most, rest + 1)).problems())
        .extracting(Problem::parameter)
        .containsExactly("Volume.2." + FILE + "1.Content");
  }

  private static String[] twoFiles(int firstBytes, int secondBytes) {
    return new String[] {
      "Volume.1.Name=a",
      "Volume.1.Type=ConfigFileVolume",
      "Volume.1." + FILE + "1.Path=a",
      "Volume.1." + FILE + "1.Content=" + base64(firstBytes),
      "Volume.2.Name=b",
      "Volume.2.Type=ConfigFileVolume",
      "Volume.2." + FILE + "1.Path=a",
      "Volume.2." + FILE + "1.Content=" + base64(secondBytes),
    };
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
