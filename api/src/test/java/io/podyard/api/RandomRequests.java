package io.podyard.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes valid requests of any action from a seed. */
final class RandomRequests {

  private static final String[] TEXTS = {
    "a",
    "eci-1",
    "/bin/sh",
    "中 文*~",
    "😀",
    "a&b=c",
    "%2F+",
    "\"quoted\"",
    "x.y.1",
    "NULL",
    "  ",
    "-c"
  };

  private final Random random;

  RandomRequests(Random random) {
    this.random = random;
  }

  /** A request record; what the contract requires is always there. */
  Object next(Action action) {
    Object record = record(Shape.of(action), true);
    return Objects.requireNonNull(record);
  }

  /** Null if nothing in it is present, which is how an absent part looks. */
  private @Nullable Object record(Shape.OfRecord shape, boolean evenIfEmpty) {
    @Nullable Object[] components = new Object[shape.members().size()];
    boolean empty = true;
    for (Shape.Member member : shape.members()) {
      Object value = value(member.shape(), member.required());
      components[member.ordinal()] = value;
      empty &= value == null || (value instanceof List<?> list && list.isEmpty());
    }
    if (empty && !evenIfEmpty) {
      return null;
    }
    try {
      return shape.constructor().invokeExact(components);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private @Nullable Object value(Shape shape, boolean required) {
    return switch (shape) {
      case Shape.OfRecord record ->
          required || random.nextInt(3) > 0 ? record(record, false) : null;
      case Shape.OfList list -> items(list, required);
      case Shape.OfValue value ->
          value.jsonList() != null
              ? texts(value, value.jsonList().maxItems(), required)
              : required || random.nextBoolean() ? scalar(value) : null;
    };
  }

  private List<Object> items(Shape.OfList list, boolean required) {
    List<Object> items = new ArrayList<>();
    int count = required ? 1 + random.nextInt(2) : random.nextInt(3);
    for (int i = 0; i < Math.min(count, list.maxItems()); i++) {
      Object item =
          switch (list.item()) {
            case Shape.OfRecord record -> {
              Object made = record(record, false);
              while (made == null && required) {
                made = record(record, false);
              }
              yield made;
            }
            case Shape.OfValue value -> scalar(value);
            case Shape.OfList inner -> throw new AssertionError("no list of lists");
          };
      if (item != null) {
        items.add(item);
      }
    }
    return items;
  }

  private List<Object> texts(Shape.OfValue value, int most, boolean required) {
    List<Object> texts = new ArrayList<>();
    int count = required ? 1 + random.nextInt(3) : random.nextInt(Math.min(4, most));
    for (int i = 0; i < count; i++) {
      texts.add(text(value.freeText()));
    }
    return texts;
  }

  private @Nullable Object scalar(Shape.OfValue value) {
    if (value.support() instanceof FieldSupport.Refused refused) {
      return refused.accepted().isEmpty()
          ? null
          : value.scalar().read(refused.accepted().getFirst(), false);
    }
    if (!value.oneOf().isEmpty()) {
      return value.oneOf().get(random.nextInt(value.oneOf().size()));
    }
    return switch (value.scalar()) {
      case TEXT -> text(value.freeText());
      case BOOLEAN -> random.nextBoolean();
      case INTEGER -> (int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case DECIMAL ->
          Scalar.canonical(BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(7)));
      case INSTANT -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(2) * 500_000_000L);
      case JSON_LIST -> throw new AssertionError("made elsewhere");
    };
  }

  private long whole(Shape.OfValue value, long lowest, long highest) {
    if (value.range() != null) {
      return value.range().min()
          + random.nextInt((int) (value.range().max() - value.range().min()));
    }
    return switch (random.nextInt(4)) {
      case 0 -> lowest;
      case 1 -> highest;
      default -> random.nextInt(1000);
    };
  }

  private String text(boolean free) {
    if (free && random.nextInt(5) == 0) {
      return random.nextBoolean() ? "" : "undefined";
    }
    return TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(100);
  }
}
