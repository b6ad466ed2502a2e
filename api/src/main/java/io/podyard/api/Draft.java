package io.podyard.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record or list that is being filled. A part exists in the result once a parameter of the
 * contract has named it; names that lead nowhere leave it out.
 */
abstract sealed class Draft {

  /** What stands in a slot in place of a value. */
  private enum Mark {
    /** A value was given that could not be read: not absent, but of no use. */
    UNREADABLE
  }

  /**
   * What is noted while records are built.
   *
   * @param closedGaps the indices that entries had, for each list that had gaps, by its path
   */
  record Notes(List<Problem> problems, Map<String, List<Integer>> closedGaps) {}

  private final @Nullable Draft parent;
  private final String name;
  @Nullable Object[] slots;
  private boolean named;

  private Draft(@Nullable Draft parent, String name, int slots) {
    this.parent = parent;
    this.name = name;
    this.slots = new Object[slots];
  }

  /** The name of this part on the wire, empty for the request itself. */
  String path() {
    if (parent == null) {
      return name;
    }
    String before = parent.path();
    return before.isEmpty() ? name : before + "." + name;
  }

  /** The part at a position, made if it is not there. */
  Draft part(int position, Shape shape, String part) {
    makeRoom(position);
    if (slots[position] instanceof Draft there) {
      return there;
    }
    Draft made =
        switch (shape) {
          case Shape.OfRecord record -> new OfRecord(record, this, part);
          case Shape.OfList list -> new OfList(list, this, part);
          case Shape.OfValue value -> throw new IllegalStateException(part + " has no parts");
        };
    slots[position] = made;
    return made;
  }

  /** Puts a value; false if another one is there. */
  boolean put(int position, Object value) {
    makeRoom(position);
    markNamed();
    Object before = slots[position];
    slots[position] = value;
    return before == null || before.equals(value);
  }

  void putUnreadable(int position) {
    makeRoom(position);
    markNamed();
    slots[position] = Mark.UNREADABLE;
  }

  /** A parameter named a value here without giving one: the entry of the list around it exists. */
  void noteAbsentValue() {
    Draft draft = this;
    while (draft.parent != null && !(draft.parent instanceof OfList)) {
      draft = draft.parent;
    }
    if (draft.parent != null && draft instanceof OfRecord) {
      draft.markNamed();
    }
  }

  private void markNamed() {
    Draft draft = this;
    while (draft != null && !draft.named) {
      draft.named = true;
      draft = draft.parent;
    }
  }

  abstract void makeRoom(int position);

  abstract Object build(Notes notes);

  /** What a slot became: null for absent, unreadable or unnamed. */
  private static @Nullable Object built(@Nullable Object slot, Notes notes) {
    if (slot == Mark.UNREADABLE) {
      return null;
    }
    if (slot instanceof Draft draft) {
      return draft.named ? draft.build(notes) : null;
    }
    return slot;
  }

  /** A record being filled. */
  static final class OfRecord extends Draft {

    private final Shape.OfRecord shape;

    OfRecord(Shape.OfRecord shape, @Nullable Draft parent, String name) {
      super(parent, name, shape.members().size());
      this.shape = shape;
    }

    Shape.OfRecord shape() {
      return shape;
    }

    @Override
    void makeRoom(int position) {
      // A record has room for all its members from the start.
    }

    @Override
    Object build(Notes notes) {
      @Nullable Object[] components = new Object[slots.length];
      for (Shape.Member member : shape.members()) {
        Object slot = slots[member.ordinal()];
        Object value = built(slot, notes);
        if (member.required() && isMissing(value) && !isUnreadable(slot)) {
          String before = path();
          notes
              .problems()
              .add(
                  Problem.missing(
                      before.isEmpty() ? member.wireName() : before + "." + member.wireName()));
        }
        components[member.ordinal()] = value == null && isList(member) ? List.of() : value;
      }
      try {
        return shape.constructor().invokeExact(components);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot build the record at '" + path() + "'", e);
      }
    }

    /** What could not be read was there, be it only an entry of a list. */
    private static boolean isUnreadable(@Nullable Object slot) {
      return slot == Mark.UNREADABLE
          || (slot instanceof OfList list && Arrays.asList(list.slots).contains(Mark.UNREADABLE));
    }

    private static boolean isMissing(@Nullable Object value) {
      return value == null || (value instanceof List<?> list && list.isEmpty());
    }

    /** A list in one text is a value: the record knows whether an absent one is an empty one. */
    private static boolean isList(Shape.Member member) {
      return member.shape() instanceof Shape.OfList;
    }
  }

  /** A list being filled; entries nobody named are left out at the end. */
  static final class OfList extends Draft {

    private static final int FIRST_ROOM = 4;

    private final Shape.OfList shape;

    OfList(Shape.OfList shape, Draft parent, String name) {
      super(parent, name, FIRST_ROOM);
      this.shape = shape;
    }

    Shape.OfList shape() {
      return shape;
    }

    @Override
    void makeRoom(int position) {
      if (position >= slots.length) {
        int wanted = Math.max(position + 1, slots.length * 2);
        slots = Arrays.copyOf(slots, Math.min(wanted, shape.maxItems()));
      }
    }

    @Override
    Object build(Notes notes) {
      List<Object> items = new ArrayList<>();
      List<Integer> indices = new ArrayList<>();
      for (int i = 0; i < slots.length; i++) {
        Object item = built(slots[i], notes);
        if (item != null) {
          items.add(item);
          indices.add(i + 1);
        }
      }
      if (!indices.isEmpty() && indices.getLast() > indices.size()) {
        notes.closedGaps().put(path(), indices);
      }
      return items;
    }
  }
}
