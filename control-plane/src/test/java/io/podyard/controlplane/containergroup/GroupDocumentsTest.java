package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GroupDocumentsTest {

  private final GroupDocuments documents =
      new GroupDocuments(new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used"))));

  private final GroupSpec inNone =
      GroupSpec.of(
          "web", Size.of(1000, 1024), RestartPolicy.ALWAYS, ContainerSpec.of("app", "nginx"));

  @Test
  void theVSwitchOfAGroupIsStored() {
    GroupSpec spec = inNone.inVSwitch(new VSwitchId("vsw-1"));
    assertThat(documents.readSpec(documents.write(spec))).isEqualTo(spec);
  }

  /** As groups are that were stored before the vSwitch was part of them. */
  @Test
  void aGroupStoredWithoutAVSwitchIsInNone() {
    String stored = documents.write(inNone);
    assertThat(stored).doesNotContain("vSwitch");
    assertThat(documents.readSpec(stored)).isEqualTo(inNone);
  }
}
