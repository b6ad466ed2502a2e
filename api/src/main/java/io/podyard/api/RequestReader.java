package io.podyard.api;

import io.podyard.api.wire.InRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of one request one after another, then builds its record. */
final class RequestReader {

  /**
   * What alibaba-cloud-sdk-go writes for a list that is a part of a part, with each container and
   * whatever the list holds. It says nothing, and without it no container could be created.
   */
  private static final String LIST_OF_OLD_GO_SDK = "<[]string Value>";

  private final Action action;
  private final Draft.OfRecord root;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, List<Integer>> closedGaps = new LinkedHashMap<>();
  private final List<String> unread = new ArrayList<>();

  RequestReader(Action action, Shape.OfRecord shape) {
    this.action = action;
    this.root = new Draft.OfRecord(shape, null, "");
  }

  List<Problem> problems() {
    return problems;
  }

  /** Takes one parameter; what is wrong with it becomes a problem. */
  void read(@Nullable String name, @Nullable String text) {
    if (name == null || name.isEmpty()) {
      refuse("(empty)", "a parameter needs a name");
      return;
    }
    Draft draft = root;
    int start = 0;
    while (true) {
      int dot = name.indexOf('.', start);
      String part = dot < 0 ? name.substring(start) : name.substring(start, dot);
      int position;
      Shape shape;
      switch (draft) {
        case Draft.OfRecord record -> {
          Shape.Member member = record.shape().byName().get(part);
          if (member == null) {
            String belongs = record.shape().flattened().get(part);
            if (belongs != null && dot < 0) {
              read(name.substring(0, start) + belongs, text);
            } else {
              unknown(name, start);
            }
            return;
          }
          position = member.ordinal();
          shape = member.shape();
          part = member.wireName();
        }
        case Draft.OfList list -> {
          int index = FieldPosition.index(part);
          if (index == 0) {
            refuse(name, "counts its entries from 1, as in " + list.path() + ".1");
            return;
          }
          if (index > list.shape().maxItems()) {
            exceeded(name, list.path() + " has at most " + list.shape().maxItems() + " entries");
            return;
          }
          position = index - 1;
          shape = list.shape().item();
        }
      }
      if (shape instanceof Shape.OfValue value) {
        if (dot >= 0) {
          unknown(name, start);
        } else {
          put(draft, position, value, name, text);
        }
        return;
      }
      if (dot < 0) {
        if (shape instanceof Shape.OfList && LIST_OF_OLD_GO_SDK.equals(text)) {
          draft.noteAbsentValue();
        } else {
          incomplete(name, shape);
        }
        return;
      }
      draft = draft.part(position, shape, part);
      start = dot + 1;
    }
  }

  /** The record, with null or an empty list for what is absent or unreadable. */
  Object build() {
    return root.build(new Draft.Notes(problems, closedGaps));
  }

  /** Where the built record has closed gaps. */
  SentIndices sentIndices() {
    return closedGaps.isEmpty() ? SentIndices.NONE : new SentIndices(closedGaps);
  }

  /** What was given and is not in the built record, since it could not be read. */
  Unread unread() {
    return unread.isEmpty() ? Unread.NONE : new Unread(unread);
  }

  private void put(
      Draft draft, int position, Shape.OfValue shape, String name, @Nullable String text) {
    // Of a list in one text, the entries are free: the text itself is JSON or absent.
    boolean free = shape.freeText() && shape.jsonList() == null;
    if (text == null || (!free && (text.isEmpty() || text.equals("undefined")))) {
      draft.noteAbsentValue();
      return;
    }
    Object value = value(shape, name, text);
    if (value == null) {
      draft.putUnreadable(position);
      unread.add(name);
    } else if (!draft.put(position, value)) {
      refuse(name, "is given twice with different values");
    }
  }

  private @Nullable Object value(Shape.OfValue shape, String name, String text) {
    if (!Printable.isWellFormed(text)) {
      refuse(name, "holds characters that are not text");
      return null;
    }
    JsonListLimit limit = JsonListLimit.of(shape);
    Object value = shape.scalar().read(text, limit.single());
    if (shape.support() instanceof FieldSupport.Refused refused
        && !accepted(refused, value, text)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER, name, text, "is not supported: " + refused.reason()));
      return null;
    }
    if (value == null) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER, name, text, "must be " + shape.scalar().expected()));
      return null;
    }
    InRange range = shape.range();
    if (range != null && !within(range, (Number) value)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              name,
              text,
              "must be from " + range.min() + " to " + range.max()));
      return null;
    }
    if (!shape.oneOf().isEmpty() && !shape.oneOf().contains(text)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              name,
              text,
              "must be one of " + String.join(", ", shape.oneOf())));
      return null;
    }
    if (value instanceof List<?> list) {
      return checkedList(shape, limit, name, list);
    }
    return value;
  }

  private @Nullable List<?> checkedList(
      Shape.OfValue shape, JsonListLimit limit, String name, List<?> list) {
    if (list.size() > limit.maxItems()) {
      exceeded(name, "has at most " + limit.maxItems() + " entries, not " + list.size());
      return null;
    }
    for (Object item : list) {
      String text = (String) item;
      // JSON escapes can hide what was not visible in the text itself.
      if (!Printable.isWellFormed(text)) {
        refuse(name, "holds characters that are not text");
        return null;
      }
      if (text.isEmpty() && !shape.freeText()) {
        refuse(name, "holds an empty entry");
        return null;
      }
    }
    return list;
  }

  private static boolean accepted(
      FieldSupport.Refused refused, @Nullable Object value, String text) {
    String compared = value instanceof BigDecimal number ? number.toPlainString() : text;
    if (value instanceof Integer || value instanceof Long) {
      compared = value.toString();
    }
    return refused.accepted().stream().anyMatch(compared::equalsIgnoreCase);
  }

  private static boolean within(InRange range, Number number) {
    return number.longValue() >= range.min() && number.longValue() <= range.max();
  }

  private void unknown(String name, int start) {
    if (start == 0 && RpcCodec.isProtocol(name)) {
      return;
    }
    refuse(name, "is not a parameter of " + action.wireName());
  }

  private void incomplete(String name, Shape shape) {
    switch (shape) {
      case Shape.OfList list -> refuse(name, "is a list: write " + name + ".1 and so on");
      case Shape.OfRecord record ->
          refuse(
              name,
              "has parts: write for example "
                  + name
                  + "."
                  + record.members().getFirst().wireName());
      case Shape.OfValue value -> throw new IllegalStateException(name + " is complete");
    }
  }

  private void exceeded(String name, String message) {
    problems.add(Problem.of(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED, name, message));
  }

  /** Refuses without showing the value: it may be a secret under a misspelled name. */
  private void refuse(String name, String message) {
    problems.add(Problem.of(ErrorCode.INVALID_PARAMETER, name, message));
  }

  /** The limit of a list in one text; of no meaning for other values. */
  private record JsonListLimit(int maxItems, boolean single) {

    private static final JsonListLimit NONE = new JsonListLimit(0, false);

    static JsonListLimit of(Shape.OfValue shape) {
      Shape.JsonList list = shape.jsonList();
      return list == null ? NONE : new JsonListLimit(list.maxItems(), list.single());
    }
  }
}
