package io.podyard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategy;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The JSON of the two doors. Both leave out nulls, write raw UTF-8 (one old SDK reads no escapes,
 * contract section 4), write numbers plainly ({@code 2}, {@code 0.5}) and times as {@code
 * 2018-08-02T15:00:00Z}, and ignore keys they do not know when reading.
 */
public final class EciJson {

  private static final JsonMapper RPC = builder().propertyNamingStrategy(new WireNaming()).build();
  private static final JsonMapper REST = builder().build();

  private EciJson() {}

  /** Names as the RPC contract writes them: {@code ContainerGroupId}. */
  public static JsonMapper rpc() {
    return RPC;
  }

  /** Names as the components are called: {@code containerGroupId}. */
  public static JsonMapper rest() {
    return REST;
  }

  private static JsonMapper.Builder builder() {
    SimpleModule values = new SimpleModule("podyard values");
    values.addSerializer(new PlainNumber());
    values.addSerializer(new SecondsTime());
    values.addDeserializer(Instant.class, new Time());
    return JsonMapper.builder()
        .addModule(values)
        .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL));
  }

  /** Takes names from the record, see {@link WireNames}. */
  private static final class WireNaming extends PropertyNamingStrategy {

    private static final long serialVersionUID = 1L;
    private static final Map<Class<?>, Map<String, String>> NAMES = new ConcurrentHashMap<>();

    @Override
    public String nameForField(MapperConfig<?> config, AnnotatedField field, String name) {
      return wireName(field, name);
    }

    @Override
    public String nameForGetterMethod(MapperConfig<?> config, AnnotatedMethod method, String name) {
      return wireName(method, name);
    }

    @Override
    public String nameForConstructorParameter(
        MapperConfig<?> config, AnnotatedParameter parameter, String name) {
      return wireName(parameter, name);
    }

    private static String wireName(AnnotatedMember member, String name) {
      Class<?> type = member.getDeclaringClass();
      if (!type.isRecord()) {
        return name;
      }
      String wireName = NAMES.computeIfAbsent(type, WireNaming::namesOf).get(name);
      return wireName == null ? name : wireName;
    }

    private static Map<String, String> namesOf(Class<?> type) {
      Map<String, String> names = new ConcurrentHashMap<>();
      for (RecordComponent component : type.getRecordComponents()) {
        names.put(component.getName(), WireNames.of(component));
      }
      return names;
    }
  }

  private static final class PlainNumber extends StdSerializer<BigDecimal> {

    PlainNumber() {
      super(BigDecimal.class);
    }

    @Override
    public void serialize(BigDecimal value, JsonGenerator json, SerializationContext context) {
      json.writeNumber(Scalar.canonical(value));
    }
  }

  private static final class SecondsTime extends StdSerializer<Instant> {

    SecondsTime() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializationContext context) {
      json.writeString(value.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }

  private static final class Time extends StdDeserializer<Instant> {

    Time() {
      super(Instant.class);
    }

    @Override
    public @Nullable Instant deserialize(JsonParser json, DeserializationContext context) {
      String text = json.getValueAsString();
      if (text == null || text.isEmpty()) {
        return null;
      }
      Object time = Scalar.INSTANT.read(text, false);
      return (Instant)
          (time != null ? time : context.handleWeirdStringValue(Instant.class, text, "not a time"));
    }
  }
}
