package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The response records have exactly the fields of the contract, in its spelling. */
class ResponseFieldsTest {

  /** Given back for init containers too, although the contract has it for the others only. */
  private static final String SURPLUS = "ContainerGroups.N.InitContainers.N.VolumeMounts.N.SubPath";

  /** What a template of the contract has no place for. */
  private static final String PARAMETERS = "Template.Parameters.<map>";

  @ParameterizedTest
  @EnumSource
  void theRecordHasTheFieldsAndTypesOfTheContract(Action action) {
    Map<String, String> actual = new LinkedHashMap<>();
    collect(action.responseType(), "", actual);
    if (action == Action.DESCRIBE_CONTAINER_GROUPS) {
      assertThat(actual.remove(SURPLUS)).isEqualTo("string");
    }
    if (action == Action.EXPORT_CONTAINER_GROUP_TEMPLATE) {
      assertThat(actual.remove(PARAMETERS)).isEqualTo("any");
    }
    assertThat(actual)
        .containsExactlyInAnyOrderEntriesOf(
            Contract.leaves(Contract.action(action).get("response")));
  }

  private static void collect(Type type, String path, Map<String, String> fields) {
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      assertThat(map.getActualTypeArguments()[0]).as(path).isEqualTo(String.class);
      fields.put(path + ".<map>", "any");
      return;
    }
    if (type instanceof ParameterizedType list) {
      assertThat(list.getRawType()).as(path).isEqualTo(List.class);
      collect(list.getActualTypeArguments()[0], path + ".N", fields);
      return;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      for (RecordComponent component : plain.getRecordComponents()) {
        String name = WireNames.of(component);
        collect(component.getGenericType(), path.isEmpty() ? name : path + "." + name, fields);
      }
    } else if (plain == String.class || plain == Instant.class) {
      fields.put(path, "string");
    } else if (plain == Boolean.class) {
      fields.put(path, "boolean");
    } else {
      assertThat(plain).as(path).isIn(Integer.class, Long.class, BigDecimal.class);
      fields.put(path, "number");
    }
  }
}
