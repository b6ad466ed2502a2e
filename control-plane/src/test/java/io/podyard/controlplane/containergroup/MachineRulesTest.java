package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.Problem;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which kinds of machines requests name (contract section 6). */
class MachineRulesTest {

  private static MachineWish wish(String... changes) {
    return Objects.requireNonNull(draft(changes).kept().machine());
  }

  private static List<String> attempts(String... changes) {
    return wish(changes).attempts(GpuRequest.NONE).stream()
        .map(
            attempt ->
                attempt.label()
                    + " "
                    + new java.util.TreeSet<>(attempt.wishes().instanceTypes())
                    + " "
                    + attempt.wishes().computeCategory()
                    + " "
                    + attempt.wishes().architecture())
        .toList();
  }

  @Test
  void aRequestThatNamesNoneIsAsItWas() {
    assertThat(draft("Cpu=2", "Memory=4").kept().machine()).isNull();
    assertThat(draft("InstanceType=", "CpuArchitecture=").kept().machine()).isNull();
  }

  @Test
  void anInstanceTypeCountsInsteadOfCpuAndMemory() {
    GroupDraft draft = draft("InstanceType=ecs.c6.xlarge", "Cpu=64", "Memory=512");

    assertThat(draft.spec().size()).isEqualTo(Size.of(4000, 8192));
    assertThat(attempts("InstanceType=ecs.c6.xlarge", "ComputeCategory.1=economy"))
        .containsExactly(
            "InstanceType ecs.c6.xlarge [ecs.c6, ecs.c6.xlarge] null amd64",
            "InstanceType ecs.c6.xlarge [, ecs.c6, ecs.c6.xlarge] general amd64");
  }

  @Test
  void typesAndSizesAreTriedInTheirOrder() {
    MachineWish wish =
        wish(
            "InstanceType=ecs.c6.large, 1-3Gi,ecs.g8y.large",
            "ComputeCategory.1=economy",
            "ComputeCategory.2=general");

    assertThat(wish.options())
        .extracting(MachineOption::label)
        .containsExactly(
            "InstanceType ecs.c6.large",
            "ComputeCategory economy, 1-4Gi",
            "ComputeCategory general, 1-4Gi",
            "InstanceType ecs.g8y.large");
    assertThat(wish.chosen()).isNull();
    assertThat(wish.largest().instanceType()).isEqualTo("ecs.c6.large");
  }

  @Test
  void architectureAndCategoryBecomeWishes() {
    assertThat(attempts("CpuArchitecture=ARM64", "Cpu=2", "Memory=4"))
        .containsExactly("ComputeCategory general, 2-4Gi [] general arm64");
    assertThat(attempts("ComputeCategory.1=economy", "ComputeCategory.2=general"))
        .containsExactly(
            "ComputeCategory economy, 2-4Gi [] economy amd64",
            "ComputeCategory general, 2-4Gi [] general null");
    assertThat(wish("ComputeCategory.1=general").chosen()).isZero();
  }

  @Test
  void gpusOfATypeAreAskedForInTheirModel() {
    List<HostAttempt> attempts = wish("InstanceType=ecs.gn6i-c24g1.12xlarge").attempts(GpuRequest.NONE);

    assertThat(attempts).allSatisfy(a -> assertThat(a.gpus().count()).isEqualTo(2));
    assertThat(attempts.getLast().wishes().gpuModels()).containsExactly("T4");
  }

  @Test
  void containersHaveToFitIntoEveryType() {
    assertThat(
            refusal(
                    "InstanceType=ecs.c6.large,ecs.c6.xlarge,2-8Gi",
                    "Container.1.Cpu=2",
                    "Container.1.Memory=6")
                .problems())
        .extracting(Problem::parameter, Problem::value, problem -> problem.code().code())
        .containsExactly(tuple("InstanceType", "ecs.c6.large", "InvalidParameter.CPU.Memory"));
    assertThat(
            draft("InstanceType=ecs.c6.large,ecs.g6.large", "Container.1.Cpu=1")
                .spec()
                .containers()
                .getFirst()
                .size())
        .isEqualTo(Size.of(1000, 4096));
  }

  @Test
  void whatThereIsNotIsNamed() {
    assertThat(
            refusal("InstanceType=ecs.x9.large,ecs.c6.large,ecs.y9.large", "CpuArchitecture=MIPS")
                .problems())
        .extracting(Problem::parameter, Problem::value)
        .containsExactly(
            tuple("CpuArchitecture", "MIPS"), tuple("InstanceType", "ecs.x9.large,ecs.y9.large"));
    assertThat(refusal("InstanceType=ecs.c6.large,").getMessage()).contains("InstanceType: ");
    assertThat(refusal("InstanceType=65-1Gi").getMessage()).contains("larger than any group");
    assertThat(refusal("ComputeCategory.1=general", "ComputeCategory.2=cheap").getMessage())
        .contains("ComputeCategory.2: ");
  }

  @Test
  void aTypeOfAnotherArchitectureIsRefusedByName() {
    assertThat(
            refusal("InstanceType=ecs.c6.large,ecs.g8y.large,ecs.g6.large", "CpuArchitecture=ARM64")
                .problems())
        .extracting(problem -> problem.code().code(), Problem::value)
        .containsExactly(tuple("InstanceTypeNotMatchCpuArch", "ecs.c6.large,ecs.g6.large"));
  }

  @Test
  void economyHasLimits() {
    for (String conflict : List.of("Cpu=12", "CpuArchitecture=ARM64")) {
      assertThat(refusal("Memory=16", "ComputeCategory.1=economy", conflict).code().code())
          .isEqualTo("FeatureBasedConstraintConflict");
    }
    assertThat(draft("Cpu=8", "Memory=16", "ComputeCategory.1=economy").spec().size())
        .isEqualTo(Size.of(8000, 16_384));
  }

  @Test
  void spellingTheDefaultMeansTheSame() {
    String plain = DraftMeaning.of(draft("Cpu=2", "Memory=4"));

    assertThat(
            DraftMeaning.of(
                draft("Cpu=2", "Memory=4", "ComputeCategory.1=general", "CpuArchitecture=AMD64")))
        .isEqualTo(plain);
    assertThat(DraftMeaning.of(draft("Cpu=2", "Memory=4", "ComputeCategory.1=economy")))
        .isNotEqualTo(plain);
    assertThat(DraftMeaning.of(draft("InstanceType=ecs.c6.large"))).isNotEqualTo(plain);
  }

  @Test
  void aWaitingGroupOfSeveralCountsAsTheLargest() {
    GroupDraft draft = draft("InstanceType=ecs.c6.large,ecs.g6.2xlarge,ecs.r6.large");

    assertThat(draft.spec().size()).isEqualTo(Size.of(8000, 32 * 1024));
    MachineWish chosen = Objects.requireNonNull(draft.kept().being(2).machine());
    assertThat(chosen.option()).map(MachineOption::instanceType).contains("ecs.r6.large");
    assertThat(draft.kept().computeCategory()).isNull();
  }
}
