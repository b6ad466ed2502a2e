package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.wire.InRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The request records and the field table say exactly what the contract says. */
class RequestFieldsTest {

  /** Required by the contract, but here an absent region means the installation's own. */
  private static final String NEVER_REQUIRED = "RegionId";

  /** All probes share a record; the contract does not limit them alike. */
  private static final String SHARED_LIMIT = "Probe.Exec.Command";

  /** Twenty commands (contract section 7), and the one more that the gateway lets through. */
  private static final int MOST_COMMANDS = 21;

  @ParameterizedTest
  @EnumSource
  void theFieldTableNamesEveryFieldOfTheContractAndNoOther(Action action) {
    assertThat(FieldTable.of(action).fields().keySet())
        .containsExactlyInAnyOrderElementsOf(Contract.requestLeaves(action).keySet());
  }

  @ParameterizedTest
  @EnumSource
  void theRecordHasEveryFieldWithTheTypeOfTheContract(Action action) {
    Map<String, String> expected = new LinkedHashMap<>();
    Contract.requestLeaves(action)
        .forEach((path, type) -> expected.put(path, scalar(action, path, type).name()));
    Map<String, String> actual = new LinkedHashMap<>();
    values(Shape.of(action), "").forEach((path, value) -> actual.put(path, value.scalar().name()));
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @ParameterizedTest
  @EnumSource
  void theFieldsStandInTheOrderOfTheContract(Action action) {
    List<String> known = new ArrayList<>(values(Shape.of(action), "").keySet());
    known.remove("SlsEnable");
    if (action == Action.UPDATE_CONTAINER_GROUP) {
      known.removeIf(RequestFieldsTest::isMode);
    }
    assertThat(known)
        .containsExactlyElementsOf(
            Contract.leaves(Contract.action(action).get("request")).keySet());
  }

  @ParameterizedTest
  @EnumSource
  void theSameFieldsAreRequiredAsInTheContract(Action action) {
    List<String> expected = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field :
        Contract.action(action).path("constraints").properties()) {
      if (field.getValue().path("required").asBoolean(false)
          && !field.getKey().equals(NEVER_REQUIRED)) {
        expected.add(field.getKey());
      }
    }
    assertThat(required(Shape.of(action), "")).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @EnumSource
  void listsHaveTheLimitsOfTheContract(Action action) {
    limits(Shape.of(action), "")
        .forEach(
            (path, limit) -> {
              int expected = Contract.constraint(action, path).path("maxItems").asInt(-1);
              if (path.endsWith(SHARED_LIMIT)) {
                assertThat(limit).as(path).isEqualTo(MOST_COMMANDS);
              } else if (action == Action.UPDATE_CONTAINER_GROUP) {
                // Its parts are those of a create, where the contract allows the same or less.
                assertThat(limit).as(path).isPositive().isLessThanOrEqualTo(expected);
              } else {
                assertThat(limit).as(path).isEqualTo(expected);
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void rangesAndChoicesAreThoseOfTheContract(Action action) {
    values(Shape.of(action), "")
        .forEach(
            (path, value) -> {
              JsonNode constraint = Contract.constraint(action, path);
              InRange range = value.range();
              boolean ranged =
                  constraint.path("type").asString("").equals("integer")
                      && constraint.has("minimum");
              assertThat(range != null).as(path).isEqualTo(ranged);
              if (range != null) {
                assertThat(Long.toString(range.min()))
                    .as(path)
                    .isEqualTo(constraint.get("minimum").asString());
                assertThat(Long.toString(range.max()))
                    .as(path)
                    .isEqualTo(constraint.get("maximum").asString());
              }
              List<String> choices = new ArrayList<>();
              constraint.path("enum").forEach(choice -> choices.add(choice.asString()));
              assertThat(value.oneOf()).as(path).isEqualTo(choices);
            });
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyAnOldSdkSendsIsRead(Action action) {
    for (String key : Contract.oldSdkKeys(action)) {
      String name = key.replaceAll("\\.N(?=\\.|$)", ".1");
      Decoded<?> decoded = decode(action, Map.of(name, "1"));
      assertThat(decoded.problems())
          .as(name)
          .noneMatch(problem -> problem.message().contains("is not a parameter"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalEndsASentence(Action action) {
    FieldTable.of(action)
        .fields()
        .forEach(
            (path, support) -> {
              if (support instanceof FieldSupport.Refused refused) {
                assertThat(refused.reason()).as(path).isNotBlank().doesNotEndWith(".");
              } else if (support instanceof FieldSupport.Accepted accepted) {
                assertThat(accepted.why()).as(path).isNotBlank().doesNotEndWith(".");
              }
            });
  }

  /** A parameter that nobody reads must not be listed as one that works or is kept. */
  @ParameterizedTest
  @EnumSource
  void theOwnerIsKeptAndGivenBackWithGroupsAndMeansNothingElsewhere(Action action) {
    for (String name :
        List.of("OwnerAccount", "OwnerId", "ResourceOwnerAccount", "ResourceOwnerId")) {
      FieldSupport support = FieldTable.of(action).fields().get(name);
      if (action == Action.CREATE_CONTAINER_GROUP
          || action == Action.BATCH_CREATE_CONTAINER_GROUPS) {
        assertThat(support).as(name).isInstanceOf(FieldSupport.Kept.class);
      } else if (support != null) {
        assertThat(support).as(name).isInstanceOf(FieldSupport.Accepted.class);
      }
    }
  }

  private static Decoded<?> decode(Action action, Map<String, String> parameters) {
    return RpcCodec.decode(action.requestType(), action, parameters);
  }

  /** The mode of a file: digits, a number on the wire. */
  private static boolean isMode(String path) {
    return path.contains("ConfigFileVolume.") && path.endsWith("Mode");
  }

  private static Scalar scalar(Action action, String path, String type) {
    if (path.equals("ContainerGroupIds") || path.equals("Command")) {
      return Scalar.JSON_LIST;
    }
    if (path.equals("StartTime") || path.equals("EndTime")) {
      return Scalar.INSTANT;
    }
    if (isMode(path) || (action == Action.LIST_TAG_RESOURCES && path.equals("Limit"))) {
      return Scalar.INTEGER;
    }
    String format = Contract.constraint(action, path).path("format").asString("");
    return switch (type) {
      case "string" -> Scalar.TEXT;
      case "boolean" -> Scalar.BOOLEAN;
      case "number" ->
          switch (format) {
            case "float", "double" -> Scalar.DECIMAL;
            case "int32" -> Scalar.INTEGER;
            default -> Scalar.LONG;
          };
      default -> throw new IllegalStateException("unknown type " + type);
    };
  }

  private static Map<String, Shape.OfValue> values(Shape shape, String path) {
    Map<String, Shape.OfValue> values = new LinkedHashMap<>();
    switch (shape) {
      case Shape.OfRecord record -> {
        for (Shape.Member member : record.members()) {
          values.putAll(values(member.shape(), join(path, member.wireName())));
        }
      }
      case Shape.OfList list -> values.putAll(values(list.item(), join(path, "N")));
      case Shape.OfValue value -> values.put(path, value);
    }
    return values;
  }

  private static Map<String, Integer> limits(Shape shape, String path) {
    Map<String, Integer> limits = new LinkedHashMap<>();
    switch (shape) {
      case Shape.OfRecord record -> {
        for (Shape.Member member : record.members()) {
          limits.putAll(limits(member.shape(), join(path, member.wireName())));
        }
      }
      case Shape.OfList list -> {
        limits.put(path, list.maxItems());
        limits.putAll(limits(list.item(), join(path, "N")));
      }
      case Shape.OfValue value -> {
        // A value has no entries.
      }
    }
    return limits;
  }

  private static List<String> required(Shape shape, String path) {
    List<String> required = new ArrayList<>();
    switch (shape) {
      case Shape.OfRecord record -> {
        for (Shape.Member member : record.members()) {
          String name = join(path, member.wireName());
          if (member.required()) {
            required.add(name);
          }
          required.addAll(required(member.shape(), name));
        }
      }
      case Shape.OfList list -> required.addAll(required(list.item(), join(path, "N")));
      case Shape.OfValue value -> {
        // Whether a value is required is said by the member that holds it.
      }
    }
    return required;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
