package io.podyard.controlplane.containergroup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Secret;
import io.podyard.runtime.VolumeSpec;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON documents of a stored group. Secrets in them are sealed, so a copy of the database alone
 * tells none. Unknown properties are ignored: a newer release may have written the row.
 */
@Component
public class GroupDocuments {

  /** Secrets are bound to their use, so that a sealed value cannot be moved somewhere else. */
  private static final String SECRET_CONTEXT = "group-spec";

  private final JsonMapper mapper;

  public GroupDocuments(SecretBox secrets) {
    SimpleModule module =
        new SimpleModule("group-documents")
            .addSerializer(Secret.class, new SealingSerializer(secrets))
            .addDeserializer(Secret.class, new OpeningDeserializer(secrets));
    this.mapper =
        JsonMapper.builder()
            .addModule(module)
            .addMixIn(VolumeSpec.class, VolumeKinds.class)
            .addMixIn(ContainerStatus.class, StatusKinds.class)
            .disable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(
                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();
  }

  public String write(Object document) {
    return mapper.writeValueAsString(document);
  }

  public GroupSpec readSpec(String json) {
    return mapper.readValue(json, GroupSpec.class);
  }

  public GroupState readState(String json) {
    return mapper.readValue(json, GroupState.class);
  }

  public KeptFields readKept(String json) {
    return mapper.readValue(json, KeptFields.class);
  }

  public Map<String, String> readTags(String json) {
    return mapper.readValue(json, new TypeReference<TreeMap<String, String>>() {});
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeSpec.EmptyDir.class, name = "emptyDir"),
    @JsonSubTypes.Type(value = VolumeSpec.ConfigFiles.class, name = "configFiles")
  })
  private interface VolumeKinds {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ContainerStatus.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = ContainerStatus.Running.class, name = "running"),
    @JsonSubTypes.Type(value = ContainerStatus.Terminated.class, name = "terminated")
  })
  private interface StatusKinds {}

  private static final class SealingSerializer extends ValueSerializer<Secret> {
    private final SecretBox secrets;

    SealingSerializer(SecretBox secrets) {
      this.secrets = secrets;
    }

    @Override
    public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
      String text = value.reveal();
      out.writeString(text.isEmpty() ? "" : secrets.seal(text, SECRET_CONTEXT));
    }
  }

  private static final class OpeningDeserializer extends ValueDeserializer<Secret> {
    private final SecretBox secrets;

    OpeningDeserializer(SecretBox secrets) {
      this.secrets = secrets;
    }

    @Override
    public Secret deserialize(JsonParser in, DeserializationContext context) {
      String text = in.getString();
      return new Secret(text.isEmpty() ? "" : secrets.open(text, SECRET_CONTEXT));
    }
  }
}
