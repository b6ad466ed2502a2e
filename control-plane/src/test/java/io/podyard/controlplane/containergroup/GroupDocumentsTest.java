package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DatabindException;

/** Stored groups are read as they were written, and their secrets open in no other row. */
class GroupDocumentsTest {

  private static final ContainerGroupId ONE = new ContainerGroupId("eci-one");
  private static final ContainerGroupId OTHER = new ContainerGroupId("eci-other");
  private static final Pattern SEALED = Pattern.compile("(group\\.)?v1\\.[^\"]+");

  private final SecretBox box =
      new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used")));
  private final GroupDocuments documents = new GroupDocuments(box);

  private static GroupSpec spec(String password) {
    return CreateRequests.draft(
            "ImageRegistryCredential.1.Server=r.io",
            "ImageRegistryCredential.1.UserName=u",
            "ImageRegistryCredential.1.Password=" + password,
            "Volume.1.Name=files",
            "Volume.1.Type=ConfigFileVolume",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path=p",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=Y2FuYXJ5")
        .spec();
  }

  /** As rows were written when every secret was bound to the same constant. */
  private String asItWas(String json) {
    return SEALED
        .matcher(json)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    box.seal(
                        box.open(
                            found.group().substring("group.".length()), "group " + ONE.value()),
                        "group-spec")));
  }

  @Test
  void aSpecIsReadAsItWasWrittenAndShowsNoSecret() {
    String json = documents.writeSpec(ONE, spec("canary"));
    assertThat(json).doesNotContain("canary", "Y2FuYXJ5");
    assertThat(SEALED.matcher(json).results()).hasSizeGreaterThan(1);
    assertThat(documents.readSpec(ONE, json)).isEqualTo(spec("canary"));
  }

  @Test
  void volumesOfEveryKindAreReadAsTheyWereWritten() {
    GroupSpec spec =
        CreateRequests.draft(
                "Volume.1.Name=nfs",
                "Volume.1.Type=NFSVolume",
                "Volume.1.NFSVolume.Server=nfs.test",
                "Volume.1.NFSVolume.Path=/share",
                "Volume.2.Name=nas",
                "Volume.2.Type=FlexVolume",
                "Volume.2.FlexVolume.Driver=alicloud/nas",
                "Volume.2.FlexVolume.Options={\"server\":\"nas.test\",\"path\":\"/p\"}",
                "Volume.3.Name=file",
                "Volume.3.Type=HostPathVolume",
                "Volume.3.HostPathVolume.Path=/srv/file",
                "Volume.3.HostPathVolume.Type=File",
                "Volume.4.Name=disk",
                "Volume.4.Type=DiskVolume",
                "Volume.4.DiskVolume.DiskSize=40",
                "Container.1.VolumeMount.1.Name=nfs",
                "Container.1.VolumeMount.1.MountPath=/nfs",
                "Container.1.VolumeMount.1.MountPropagation=HostToContainer",
                "Container.1.VolumeMount.2.Name=nas",
                "Container.1.VolumeMount.2.MountPath=/nas")
            .spec();

    assertThat(spec.volumes()).hasSize(4);
    assertThat(documents.readSpec(ONE, documents.writeSpec(ONE, spec))).isEqualTo(spec);
  }

  @Test
  void aMountOfBeforeThereWasPropagationHasNone() {
    GroupSpec spec =
        CreateRequests.draft(
                "Volume.1.Name=v",
                "Volume.1.Type=EmptyDirVolume",
                "Container.1.VolumeMount.1.Name=v",
                "Container.1.VolumeMount.1.MountPath=/v")
            .spec();

    assertThat(documents.writeSpec(ONE, spec)).doesNotContain("ropagation");
    assertThat(DraftMeaning.of(CreateRequests.draft())).doesNotContain("ropagation");
  }

  @Test
  void theSecretsOfOneGroupDoNotOpenInTheRowOfAnother() {
    String one = documents.writeSpec(ONE, spec("canary"));
    String other = documents.writeSpec(OTHER, spec("bird"));
    assertThatThrownBy(() -> documents.readSpec(OTHER, one))
        .rootCause()
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> documents.readSpec(OTHER, one))
        .hasStackTraceContaining(SecretNotOpenedException.class.getSimpleName())
        .hasStackTraceContaining("another record");
    assertThatThrownBy(() -> documents.readSpec(ONE, other))
        .hasStackTraceContaining("another record");
  }

  @Test
  void whatWasSealedBeforeStillOpens() {
    String json = asItWas(documents.writeSpec(ONE, spec("canary")));
    assertThat(json).doesNotContain("group.v1.");
    assertThat(documents.readSpec(ONE, json)).isEqualTo(spec("canary"));
  }

  @Test
  void neitherFormPassesForTheOther() {
    String bound = documents.writeSpec(ONE, spec("canary"));
    assertThatThrownBy(() -> documents.readSpec(OTHER, bound.replace("group.v1.", "v1.")))
        .hasStackTraceContaining("another record");
    assertThatThrownBy(
            () -> documents.readSpec(ONE, asItWas(bound).replace("\"v1.", "\"group.v1.")))
        .hasStackTraceContaining("another record");
  }

  @Test
  void aGroupOfBeforeThereWereImageCachesTakesNothingFromAny() {
    GroupSpec plain = spec("canary");
    GroupSpec cached =
        plain.withCachedImages(List.of(new CachedImage("app:1", "sha256:1", "imc-1.1")));

    assertThat(documents.readSpec(ONE, documents.writeSpec(ONE, cached))).isEqualTo(cached);
    String before = documents.writeSpec(ONE, plain).replaceAll(",\"cachedImages\":\\[]", "");
    assertThat(before).doesNotContain("cachedImages");
    assertThat(documents.readSpec(ONE, before)).isEqualTo(plain);
  }

  @Test
  void aSecretWithoutAGroupIsNotWritten() {
    assertThatThrownBy(() -> documents.write(new Secret("canary")))
        .isInstanceOf(DatabindException.class)
        .hasMessageNotContaining("canary");
  }

  private static GroupSpec inNone() {
    return GroupSpec.of(
        "web", Size.of(1000, 1024), RestartPolicy.ALWAYS, ContainerSpec.of("app", "nginx"));
  }

  @Test
  void theVSwitchOfAGroupIsStored() {
    GroupSpec spec = inNone().inVSwitch(new VSwitchId("vsw-1"));
    assertThat(documents.readSpec(ONE, documents.writeSpec(ONE, spec))).isEqualTo(spec);
  }

  /** As groups are that were stored before the vSwitch was part of them. */
  @Test
  void aGroupStoredWithoutAVSwitchIsInNone() {
    String stored = documents.writeSpec(ONE, inNone());
    assertThat(stored).doesNotContain("vSwitch");
    assertThat(documents.readSpec(ONE, stored)).isEqualTo(inNone());
  }
}
