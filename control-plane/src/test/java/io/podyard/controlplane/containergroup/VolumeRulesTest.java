package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static io.podyard.controlplane.containergroup.Refusals.assertSingleProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
        "Name=v;Type=NFSVolume | InvalidParameter | Type",
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
