package io.podyard.controlplane.containergroup;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Secret;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON documents of a stored group. Secrets in them are sealed, so a copy of the database alone
 * tells none, and bound to the id of their group, so that whoever can write to the database cannot
 * have them opened as another group's. Unknown properties are ignored: a newer release may have
 * written the row.
 */
@Component
public class GroupDocuments {

  /**
   * In front of secrets that are bound to their group. It is no secret's choice: taken away or put
   * in front of another, it makes the secret one that does not open.
   */
  private static final String BOUND = "group.";

  /** What secrets were bound to that were sealed before there was {@link #BOUND}. */
  private static final String UNBOUND_CONTEXT = "group-spec";

  /** The attribute under which reader and writer have the group's id. */
  private static final Object GROUP = ContainerGroupId.class;

  private final JsonMapper mapper;

  public GroupDocuments(SecretBox secrets) {
    SimpleModule module =
        new SimpleModule("group-documents")
            .addSerializer(Secret.class, new SealingSerializer(secrets))
            .addDeserializer(Secret.class, new OpeningDeserializer(secrets));
    this.mapper =
        DocumentMapper.builder()
            .addModule(module)
            .disable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(
                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();
  }

  /**
   * A document without secrets.
   *
   * @throws DatabindException if there is one in it
   */
  public String write(Object document) {
    return mapper.writeValueAsString(document);
  }

  public String writeSpec(ContainerGroupId group, GroupSpec spec) {
    return mapper.writer().withAttribute(GROUP, group).writeValueAsString(spec);
  }

  /**
   * @param group whose spec it is
   * @throws io.podyard.controlplane.secret.SecretNotOpenedException if a secret in it is another
   *     group's, or was sealed with another key
   */
  public GroupSpec readSpec(ContainerGroupId group, String json) {
    return mapper.readerFor(GroupSpec.class).withAttribute(GROUP, group).readValue(json);
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

  private static String context(ContainerGroupId group) {
    return "group " + group.value();
  }

  private static final class SealingSerializer extends ValueSerializer<Secret> {
    private final SecretBox secrets;

    SealingSerializer(SecretBox secrets) {
      this.secrets = secrets;
    }

    @Override
    public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
      if (!(context.getAttribute(GROUP) instanceof ContainerGroupId group)) {
        throw DatabindException.from(out, "there is no group to bind a secret to");
      }
      String text = value.reveal();
      out.writeString(text.isEmpty() ? "" : BOUND + secrets.seal(text, context(group)));
    }
  }

  private static final class OpeningDeserializer extends ValueDeserializer<Secret> {
    private final SecretBox secrets;

    OpeningDeserializer(SecretBox secrets) {
      this.secrets = secrets;
    }

    @Override
    public Secret deserialize(JsonParser in, DeserializationContext context) {
      if (!(context.getAttribute(GROUP) instanceof ContainerGroupId group)) {
        throw DatabindException.from(in, "there is no group that a secret is bound to");
      }
      String text = in.getString();
      if (text.isEmpty()) {
        return new Secret("");
      }
      return new Secret(
          text.startsWith(BOUND)
              ? secrets.open(text.substring(BOUND.length()), context(group))
              : secrets.open(text, UNBOUND_CONTEXT));
    }
  }
}
