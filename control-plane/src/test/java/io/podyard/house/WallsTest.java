package io.podyard.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.data.repository.Repository;

/** The walls between the rooms, and inside the control plane between features and doors. */
class WallsTest {

  private static final String MODEL = "io.podyard.model..";
  private static final String API = "io.podyard.api..";
  private static final String SCHEDULER = "io.podyard.scheduler..";
  private static final String BILLING = "io.podyard.billing..";
  private static final String RUNTIME_PORT = "io.podyard.runtime";
  private static final String RUNTIME = "io.podyard.runtime..";
  private static final String CONTROL_PLANE = "io.podyard.controlplane..";

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.podyard");

  @Test
  void theModelIsAClosedListAndKnowsNothing() {
    assertThat(
            house.stream()
                .filter(type -> type.getPackageName().equals("io.podyard.model"))
                .filter(type -> !type.isNestedClass())
                .map(type -> type.getSimpleName())
                .filter(name -> !name.equals("package-info"))
                .collect(Collectors.toSet()))
        .isEqualTo(
            Set.of(
                "AccessKeyId",
                "AccountId",
                "ContainerGroupId",
                "CurrencyCode",
                "HostId",
                "Identifier",
                "InstallationId",
                "MemoryMib",
                "MilliCpu",
                "Money",
                "Period",
                "PoolId",
                "RegionId",
                "Size",
                "VSwitchId",
                "ZoneId"));
    onlyKnows(MODEL);
  }

  @Test
  void theRoomsDependOnlyOnWhatTheyMay() {
    onlyKnows(API);
    onlyKnows(SCHEDULER, MODEL);
    onlyKnows(BILLING, MODEL);
    onlyKnows(RUNTIME_PORT, MODEL);
    onlyKnows("io.podyard.runtime.pod..", MODEL, RUNTIME_PORT);
    onlyKnows("io.podyard.runtime.simulated..", MODEL, RUNTIME_PORT, "io.podyard.runtime.pod..");
    onlyKnows("io.podyard.runtime.docker..", MODEL, RUNTIME_PORT, "io.podyard.runtime.pod..");
  }

  @Test
  void outsideTheControlPlaneNobodyKnowsSpringOrSql() {
    noClasses()
        .that()
        .resideInAnyPackage(MODEL, API, SCHEDULER, BILLING, RUNTIME)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "java.sql..", "jakarta.persistence..")
        .check(house);
  }

  @Test
  void theCoreOfPlacementAndRatingReadsNoClockAndDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage(SCHEDULER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio..", "java.net..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .check(house);
  }

  @Test
  void noFeatureKnowsADoor() {
    noClasses()
        .that()
        .resideInAPackage(CONTROL_PLANE)
        .and()
        .resideOutsideOfPackages(
            "io.podyard.controlplane",
            "io.podyard.controlplane.app..",
            "io.podyard.controlplane.door..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.podyard.controlplane.door..", "io.podyard.controlplane.app..")
        .check(house);
  }

  @Test
  void featuresMeetWithoutCycles() {
    slices().matching("io.podyard.controlplane.(*)..").should().beFreeOfCycles().check(house);
  }

  @Test
  void entitiesAndRepositoriesStayInTheirFeature() {
    classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .or()
        .areAssignableTo(Repository.class)
        .and()
        .resideInAPackage(CONTROL_PLANE)
        .should()
        .notBePublic()
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void thereIsNoDrawerForOddments() throws IOException {
    try (Stream<Path> files = Files.list(FormatTest.Sources.root())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .doesNotContain("common", "util", "utils", "core", "shared");
    }
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Dto")
        .check(house);
  }

  private void onlyKnows(String room, String... others) {
    String[] allowed = Stream.concat(Stream.of(room), Stream.of(others)).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are ours but not of " + String.join(", ", allowed),
                type ->
                    type.getPackageName().startsWith("io.podyard")
                        && !JavaClass.Predicates.resideInAnyPackage(allowed).test(type)))
        .check(house);
  }
}
