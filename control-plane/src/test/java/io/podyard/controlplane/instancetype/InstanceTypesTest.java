package io.podyard.controlplane.instancetype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTypesTest {

  private static final String HEADER = InstanceTypesReader.HEADER + "\n";

  private final InstanceTypes shipped = InstanceTypes.shipped();

  @Test
  void theFamiliesOfTheContractComeAlong() {
    Set<String> families =
        shipped.all().stream().map(InstanceType::family).collect(Collectors.toSet());
    String named =
        """
        g7 c7 r7 hfc7 hfg7 hfr7 g7ne g6e g6 c6e c6 r6e r6 hfc6 hfg6 t6 s6 u1 g5 g5ne c5 r5 ic5 \
        hfc5 hfg5 t5 sn2ne sn1ne se1ne se1 g7a c7a r7a g6a c6a r6a g8y c8y r8y gn6i gn6v gn6e \
        gn7i gn7 gn5 gn5i vgn6i vgn7i sgn7i\
        """;
    for (String family : named.split(" ")) {
      assertThat(families).contains("ecs." + family);
    }
    assertThat(shipped.all()).hasSizeGreaterThan(300);
  }

  @ParameterizedTest
  @CsvSource({
    "ecs.c6.large, 2000, 4096, amd64, '', 0",
    "ecs.r6e.26xlarge, 104000, 786432, amd64, '', 0",
    "ecs.t6-c4m1.large, 2000, 512, amd64, '', 0",
    "ecs.g8y.small, 1000, 4096, arm64, '', 0",
    "ecs.gn7i-c32g1.16xlarge, 64000, 385024, amd64, A10, 2000",
    "ecs.sgn7i-vws-m2.xlarge, 4000, 15872, amd64, A10, 83"
  })
  void aTypeHasWhatIsKnownOfIt(
      String name, int milliCpu, int mib, String architecture, String model, int gpus) {
    assertThat(shipped.find(name))
        .contains(new InstanceType(name, Size.of(milliCpu, mib), architecture, model, gpus));
  }

  @Test
  void gpusAreWholeOnesOrAShareOfOne() {
    assertThat(shipped.find("ecs.gn7i-c32g1.16xlarge").orElseThrow().gpus())
        .isEqualTo(GpuRequest.whole(2));
    assertThat(shipped.find("ecs.vgn6i-m4.xlarge").orElseThrow().gpus())
        .isEqualTo(GpuRequest.shared(250));
    assertThat(shipped.find("ecs.c6.large").orElseThrow().gpus()).isEqualTo(GpuRequest.NONE);
    assertThat(shipped.ofFamily("ecs.vgn6i")).hasSize(5);
  }

  @Test
  void aFileAddsTypesAndChangesThem() {
    InstanceTypes types =
        InstanceTypes.with(
            HEADER + "ecs.c6.large,2,3,amd64,,\n\n# our own\necs.own.big,100,1000,amd64,A10,500\n");

    assertThat(types.all()).hasSize(shipped.all().size() + 1);
    assertThat(types.find("ecs.c6.large").orElseThrow().size()).isEqualTo(Size.of(2000, 3072));
    assertThat(types.ofFamily("ecs.own")).hasSize(1);
  }

  @Test
  void aFileCanStandAlone() {
    InstanceTypes types = InstanceTypes.with("alone\n" + HEADER + "ecs.own.big,1,2,arm64,,\n");

    assertThat(types.all()).extracting(InstanceType::name).containsExactly("ecs.own.big");
  }

  @Test
  void everyMistakeIsToldWithItsLine() {
    assertThat(
            problems(
                HEADER
                    + "big,2,4,amd64,,\n"
                    + "ecs.a.b,0,x,mips,,\n"
                    + "ecs.a.c,2,4,amd64,,1\n"
                    + "ecs.a.d,2,4,amd64,A10,\n"
                    + "ecs.a.e,2,4,amd64,A10,1500\n"
                    + "ecs.a.f,2,4\n"
                    + "ecs.a.f,2,4,amd64,,\n"
                    + "ecs.a.f,2,4,amd64,,\n"))
        .extracting(problem -> problem.replaceFirst(" and must.*", ""))
        .containsExactly(
            "line 2: instanceType is 'big'",
            "line 3: vcpu is '0'",
            "line 3: memoryGib is 'x'",
            "line 3: architecture is 'mips'",
            "line 4: gpuModel must be given where there are GPUs, and not where there are none",
            "line 5: gpuModel must be given where there are GPUs, and not where there are none",
            "line 6: gpuThousandths is '1500'",
            "line 7: has 3 values",
            "line 9: ecs.a.f is declared in line 8 already");
    assertThat(problems("ecs.a.b,2,4,amd64,,")).first().asString().startsWith("line 1: must be ");
    assertThat(problems("# nothing")).singleElement().asString().contains("must have the line");
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(InvalidInstanceTypesException.class, () -> InstanceTypes.with(text))
        .problems();
  }

  @Test
  void aFileWithMistakesEndsTheStart(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("types.csv"), HEADER + "big,2,4,amd64,,\n");

    assertThatThrownBy(() -> InstanceTypes.of(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("PODYARD_INSTANCE_TYPES", "types.csv has 1 mistakes", "line 2");
    assertThatThrownBy(() -> InstanceTypes.of(folder.resolve("none.csv")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be read");
    assertThat(InstanceTypes.of(null).all()).isEqualTo(shipped.all());
  }
}
