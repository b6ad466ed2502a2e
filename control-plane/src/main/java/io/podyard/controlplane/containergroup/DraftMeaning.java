package io.podyard.controlplane.containergroup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Secret;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * What a request for a group means: two requests that ask for the same group give the same, whether
 * they leave a default out or spell it. It holds the secrets as they are and is only good for being
 * hashed.
 */
final class DraftMeaning {

  /** All of a draft but its token, and whether anything is to be created at all. */
  private record Meaning(
      GroupSpec spec,
      KeptFields kept,
      Map<String, String> tags,
      List<String> vSwitchIds,
      String strategy,
      @Nullable ZoneId zone) {}

  /** What is absent or empty is left out, or a later release with more fields would not agree. */
  private static final JsonMapper MAPPER =
      DocumentMapper.builder()
          .addModule(new SimpleModule("draft-meaning").addSerializer(Secret.class, new AsItIs()))
          .addMixIn(GroupSpec.class, WithoutVersion.class)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_EMPTY))
          .build();

  private DraftMeaning() {}

  static String of(GroupDraft draft) {
    KeptFields kept = draft.kept();
    MachineWish machine = kept.machine();
    return MAPPER.writeValueAsString(
        new Meaning(
            draft.spec(),
            // DnsPolicy says nothing beyond whether there is a DnsConfig, which the spec has.
            new KeptFields(
                kept.vSwitchId(),
                kept.securityGroupId(),
                kept.resourceGroupId(),
                kept.ramRoleName(),
                null,
                kept.owner(),
                kept.disks(),
                List.of(),
                kept.gpuDriverVersion(),
                machine == null ? null : machine.meaning(),
                kept.spot(),
                kept.imageCache(),
                kept.dataCacheBucket(),
                kept.dataCacheGib()),
            new TreeMap<>(draft.tags()),
            draft.vSwitchIds(),
            strategy(draft),
            draft.zone()));
  }

  /** Nothing where it decides nothing, or is what it is by default. */
  private static String strategy(GroupDraft draft) {
    return switch (draft.strategy()) {
      case ORDERED -> draft.vSwitchIds().size() > 1 ? draft.strategy().wireName() : "";
      case RANDOM -> "";
    };
  }

  @JsonIgnoreProperties("version")
  private interface WithoutVersion {}

  private static final class AsItIs extends ValueSerializer<Secret> {
    @Override
    public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.reveal());
    }
  }
}
