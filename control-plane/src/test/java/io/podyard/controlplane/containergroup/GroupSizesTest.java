package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.draftIn;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupSizesTest {

  private static final String SECOND = "Container.2.Name=b;Container.2.Image=b;";
  private static final String INIT = "InitContainer.1.Name=i;InitContainer.1.Image=i;";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Nothing said, all said, one of the two said.
        "''                                              | 2    | 4",
        "Cpu=7;Memory=13                                 | 8    | 14",
        "Cpu=2.0;Memory=4.0                              | 2    | 4",
        "Cpu=2                                           | 2    | 4",
        "Cpu=0.25                                        | 0.25 | 0.5",
        "Cpu=64                                          | 64   | 128",
        "Memory=4                                        | 1    | 4",
        "Memory=0.5                                      | 0.25 | 0.5",
        "Memory=200                                      | 32   | 256",
        // Said by containers only.
        "Container.1.Cpu=2;Container.1.Memory=4          | 2    | 4",
        "Container.1.Cpu=4                               | 4    | 8",
        "Container.1.Memory=3                            | 1    | 4",
        "Container.1.Cpu=2;" + SECOND + "Container.2.Memory=5                      | 2    | 6",
        // The group's own word counts for what it says, the containers' for the rest.
        "Cpu=4;Container.1.Cpu=1;Container.1.Memory=20   | 4    | 20",
        "Memory=8;Container.1.Cpu=3;Container.1.Memory=2 | 4    | 8",
        // Init containers run alone: the largest counts, not their sum.
        "Container.1.Cpu=1;Container.1.Memory=2;"
            + INIT
            + "InitContainer.1.Cpu=2;InitContainer.1.Memory=1;"
            + "InitContainer.2.Name=j;InitContainer.2.Image=j;InitContainer.2.Cpu=2 | 2 | 2"
      })
  void theGroupHasTheSizeItsRequestAmountsTo(String changes, BigDecimal vcpu, BigDecimal gib) {
    Size size = draft(changes.split(";")).spec().size();

    assertThat(size.cpu().vcpu()).isEqualByComparingTo(vcpu);
    assertThat(size.memory().gib()).isEqualByComparingTo(gib);
  }

  @Test
  void thePublishedExampleOfThreeContainersIsSixVcpuAndTenGib() {
    assertThat(draft(threeContainers("")).spec().size()).isEqualTo(Size.of(6000, 10 * 1024));
    assertThat(draftIn(CreateRequests.ELSEWHERE, threeContainers("")).spec().size())
        .isEqualTo(Size.of(8000, 16 * 1024));
  }

  @Test
  void aContainerThatAsksForItIsLeftOutOfTheSum() {
    String ignore = ";Container.3.EnvironmentVar.1.Key=__ECI_RESOURCE_IGNORE__";

    GroupDraft draft = draft(threeContainers(ignore + ";Container.3.EnvironmentVar.1.Value=TRUE"));

    assertThat(draft.spec().size()).isEqualTo(Size.of(4000, 8 * 1024));
    ContainerSpec ignored = draft.spec().containers().get(2);
    assertThat(ignored.size()).isEqualTo(Size.of(250, 512));
    assertThat(ignored.environment()).hasSize(1);
    assertThat(
            draft(threeContainers(ignore + ";Container.3.EnvironmentVar.1.Value=FALSE"))
                .spec()
                .size())
        .isEqualTo(Size.of(6000, 10 * 1024));
  }

  @Test
  void containersKeepWhatTheySayAndMayOtherwiseUseWhatTheGroupHas() {
    GroupDraft draft =
        draft(
            "Cpu=7",
            "Memory=13",
            "Container.1.Cpu=1.5",
            "Container.1.Memory=0.3",
            "Container.2.Name=b",
            "Container.2.Image=b",
            "Container.2.Cpu=1",
            "Container.3.Name=c",
            "Container.3.Image=c");

    assertThat(draft.spec().containers())
        .extracting(ContainerSpec::size)
        .containsExactly(Size.of(1500, 308), Size.of(1000, 14 * 1024), null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cpu=1;Memory=8;Container.1.Cpu=0.75;"
            + SECOND
            + "Container.2.Cpu=0.5 | Cpu | must be at least the 1.25 vCPU",
        "Memory=1;Container.1.Memory=1.5 | Memory | must be at least the 1.5 GiB",
        "Cpu=1;" + INIT + "InitContainer.1.Cpu=2 | InitContainer.1.Cpu | at most the 1 vCPU",
        "Memory=1;"
            + INIT
            + "InitContainer.1.Memory=2 | InitContainer.1.Memory | at most the 1 GiB",
        "Container.1.Cpu=40;" + SECOND + "Container.2.Cpu=30 | Container | ask for 70 vCPU",
        "Container.1.Memory=300;" + SECOND + "Container.2.Memory=300 | Container | and 600 GiB"
      })
  void whatContainersAskForMustFit(String changes, String parameter, String message) {
    assertThat(refusal(changes.split(";")).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_CPU_MEMORY);
              assertThat(problem.parameter()).isEqualTo(parameter);
              assertThat(problem.message()).contains(message);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cpu=0                  | Cpu                    | must be from 0.001 to 64 vCPU",
        "Cpu=-1                 | Cpu                    | must be from 0.001 to 64 vCPU",
        "Cpu=64.1               | Cpu                    | must be from 0.001 to 64 vCPU",
        "Memory=512.5           | Memory                 | must be from 0.001 to 512 GiB",
        "Memory=0               | Memory                 | must be from 0.001 to 512 GiB",
        "Container.1.Cpu=65     | Container.1.Cpu        | must be from 0.001 to 64 vCPU",
        "Container.1.Memory=-2  | Container.1.Memory     | must be from 0.001 to 512 GiB"
      })
  void sizesHaveLimits(String change, String parameter, String message) {
    assertThat(refusal(change).problems())
        .containsExactly(
            new Problem(
                ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
                parameter,
                change.substring(change.indexOf('=') + 1),
                message));
  }

  private static String[] threeContainers(String more) {
    return ("Container.1.Cpu=2;Container.1.Memory=4;"
            + "Container.2.Name=b;Container.2.Image=b;Container.2.Cpu=2;Container.2.Memory=4;"
            + "Container.3.Name=c;Container.3.Image=c;Container.3.Cpu=0.25;Container.3.Memory=0.5"
            + more)
        .split(";");
  }
}
