package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftMeaningTest {

  private static final String[] USUAL = {
    "Cpu=2",
    "Memory=4",
    "ClientToken=one",
    "Container.1.Command.1=sh",
    "Tag.1.Key=a",
    "Tag.1.Value=1",
    "Tag.2.Key=b",
    "Tag.2.Value=2",
    "Volume.1.Name=files",
    "Volume.1.Type=ConfigFileVolume",
    "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path=p",
    "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=YQ==",
    "Volume.2.Name=scratch",
    "Volume.2.Type=EmptyDirVolume",
    "VSwitchId=vsw-1,vsw-2"
  };

  private static String meaning(String... more) {
    String[] all = new String[USUAL.length + more.length];
    System.arraycopy(USUAL, 0, all, 0, USUAL.length);
    System.arraycopy(more, 0, all, USUAL.length, more.length);
    return DraftMeaning.of(CreateRequests.draft(all));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DryRun=false",
        "ClientToken=two",
        "Cpu=2.0",
        "RestartPolicy=Always",
        "RestartPolicy=",
        "TerminationGracePeriodSeconds=30",
        "MaxPendingMinute=60",
        "DnsPolicy=Default",
        "HostName=",
        "ZoneId=",
        "SecurityGroupId=",
        "Container.1.ImagePullPolicy=IfNotPresent",
        "Container.1.EnvironmentVarHide=false",
        "Container.1.Tty=false",
        "Container.1.Stdin=false",
        "Container.1.WorkingDir=",
        "Container.1.SecurityContext.ReadOnlyRootFilesystem=false",
        "Volume.2.EmptyDirVolume.Medium="
      })
  void aDefaultThatIsSpelledChangesNothing(String spelled) {
    assertThat(meaning(spelled)).isEqualTo(meaning());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ContainerGroupName=other",
        "Cpu=4",
        "RestartPolicy=Never",
        "TerminationGracePeriodSeconds=31",
        "MaxPendingMinute=61",
        "ActiveDeadlineSeconds=60",
        "HostName=other",
        "ZoneId=cn-hangzhou-b",
        "SecurityGroupId=sg-1",
        "OwnerId=5",
        "RamRoleName=role",
        "VSwitchId=vsw-2,vsw-1",
        "Tag.2.Value=3",
        "Container.1.Image=nginx:1.28",
        "Container.1.Command.1=bash",
        "Container.1.ImagePullPolicy=Always",
        "Container.1.Cpu=1",
        "Container.1.EnvironmentVarHide=true",
        "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=Yg==",
        "Volume.2.EmptyDirVolume.Medium=Memory"
      })
  void whatIsAskedForOtherwiseIsAnotherRequest(String other) {
    assertThat(meaning(other)).isNotEqualTo(meaning());
  }

  @ParameterizedTest
  @ValueSource(strings = {"YWJj", "YWJk"})
  void secretsCount(String password) {
    String[] credential = {
      "ImageRegistryCredential.1.Server=r.io",
      "ImageRegistryCredential.1.UserName=u",
      "ImageRegistryCredential.1.Password=" + password
    };
    assertThat(meaning(credential)).contains(password).isEqualTo(meaning(credential));
  }

  @Test
  void aNewDiskIsWhatIsAskedForAndNotWhichOneItIs() {
    String[] disk = {
      "Volume.3.Name=disk",
      "Volume.3.Type=FlexVolume",
      "Volume.3.FlexVolume.Driver=alicloud/disk",
      "Volume.3.FlexVolume.Options={\"volumeSize\":20}"
    };
    String[] spelled = disk.clone();
    spelled[3] =
        "Volume.3.FlexVolume.Options={\"deleteWithInstance\":\"false\",\"volumeSize\":\"20\"}";
    String[] deleted = disk.clone();
    deleted[3] = "Volume.3.FlexVolume.Options={\"deleteWithInstance\":true,\"volumeSize\":20}";
    String[] larger = disk.clone();
    larger[3] = "Volume.3.FlexVolume.Options={\"volumeSize\":21}";
    assertThat(meaning(spelled)).isEqualTo(meaning(disk));
    assertThat(meaning(deleted)).isNotEqualTo(meaning(disk));
    assertThat(meaning(larger)).isNotEqualTo(meaning(disk));
  }

  @ParameterizedTest
  @ValueSource(strings = {"b,2,a,1"})
  void theOrderOfTagsDoesNotCount(String tags) {
    String[] words = tags.split(",");
    assertThat(
            meaning(
                "Tag.1.Key=" + words[0],
                "Tag.1.Value=" + words[1],
                "Tag.2.Key=" + words[2],
                "Tag.2.Value=" + words[3]))
        .isEqualTo(meaning());
  }
}
