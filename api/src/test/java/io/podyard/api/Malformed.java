package io.podyard.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** Spoils valid sets of parameters, one fault at a time, and says which parameter must be named. */
final class Malformed {

  static final int KINDS = 11;

  private final Random random;
  private final Set<Integer> used = new HashSet<>();

  Malformed(Random random) {
    this.random = random;
  }

  int kindsUsed() {
    return used.size();
  }

  /** Spoils the set; the answer is the name a problem must have. */
  String spoil(Action action, Map<String, String> parameters) {
    while (true) {
      int kind = random.nextInt(KINDS);
      String wrong = spoil(kind, action, parameters);
      if (!wrong.isEmpty()) {
        used.add(kind);
        return wrong;
      }
    }
  }

  /** Empty if this action offers nothing to spoil in this way. */
  private String spoil(int kind, Action action, Map<String, String> parameters) {
    return switch (kind) {
      case 0 -> put(parameters, "Unknown" + random.nextInt(), "x");
      case 1 -> put(parameters, anyValue(action, v -> v.scalar() != Scalar.TEXT), "[}not{");
      case 2 -> put(parameters, anyListEntry(action, "0"), "x");
      case 3 ->
          put(parameters, anyListEntry(action, "" + Integer.MAX_VALUE + random.nextInt(10)), "x");
      case 4 -> put(parameters, anyListEntry(action, "one"), "x");
      case 5 -> put(parameters, anyListEntry(action, ""), "x");
      case 6 -> put(parameters, join(anyValue(action, v -> true), ".Deeper.1.2.3"), "x");
      case 7 -> removeRequired(action, parameters);
      case 8 ->
          put(
              parameters,
              anyValue(action, v -> v.support() instanceof FieldSupport.Refused),
              "certainly not off");
      case 9 ->
          put(
              parameters,
              anyValue(action, v -> true),
              random.nextBoolean() ? "a\ud800b" : "a\u0000");
      case 10 -> put(parameters, anyList(action), "x");
      default -> throw new IllegalStateException("no kind " + kind);
    };
  }

  private static String put(Map<String, String> parameters, String name, String value) {
    if (!name.isEmpty()) {
      parameters.put(name, value);
    }
    return name;
  }

  private static String join(String name, String more) {
    return name.isEmpty() ? name : name + more;
  }

  /** The request's own required parameters are in every valid set; one of them goes. */
  private String removeRequired(Action action, Map<String, String> parameters) {
    List<String> required = new ArrayList<>();
    for (Shape.Member member : Shape.of(action).members()) {
      if (member.required()) {
        required.add(member.wireName());
      }
    }
    if (required.isEmpty()) {
      return "";
    }
    String gone = required.get(random.nextInt(required.size()));
    parameters.keySet().removeIf(name -> name.equals(gone) || name.startsWith(gone + "."));
    if (random.nextBoolean() && parameters.size() > 2) {
      parameters.put(gone, "undefined");
      // A list written without an index is named as well, and by the same name.
    }
    return gone;
  }

  private String anyValue(Action action, Predicate<Shape.OfValue> wanted) {
    List<String> names = new ArrayList<>();
    values(Shape.of(action), "")
        .forEach(
            (name, value) -> {
              if (wanted.test(value)) {
                names.add(name);
              }
            });
    return names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
  }

  private String anyList(Action action) {
    List<String> names = new ArrayList<>(values(Shape.of(action), "").keySet());
    names.removeIf(name -> !name.contains(".1"));
    if (names.isEmpty()) {
      return "";
    }
    String name = names.get(random.nextInt(names.size()));
    return name.substring(0, name.indexOf(".1"));
  }

  private String anyListEntry(Action action, String index) {
    List<String> names = new ArrayList<>(values(Shape.of(action), "").keySet());
    names.removeIf(name -> !name.contains(".1"));
    return names.isEmpty()
        ? ""
        : names.get(random.nextInt(names.size())).replaceFirst("\\.1(?=\\.|$)", "." + index);
  }

  private static Map<String, Shape.OfValue> values(Shape shape, String path) {
    Map<String, Shape.OfValue> values = new LinkedHashMap<>();
    switch (shape) {
      case Shape.OfRecord record -> {
        for (Shape.Member member : record.members()) {
          String name = path.isEmpty() ? member.wireName() : path + "." + member.wireName();
          values.putAll(values(member.shape(), name));
        }
      }
      case Shape.OfList list -> values.putAll(values(list.item(), path + ".1"));
      case Shape.OfValue value -> values.put(path, value);
    }
    return values;
  }
}
