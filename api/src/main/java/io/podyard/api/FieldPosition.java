package io.podyard.api;

import java.util.Arrays;

/**
 * Where a parameter stands in the contract: the place of each part of its name among the fields of
 * its record, and indices as they are. Names the contract does not know come after all others.
 */
final class FieldPosition implements Comparable<FieldPosition> {

  /** No name of the contract has more parts. */
  private static final int DEEPEST = 10;

  private final int[] places;
  private final String parameter;

  private FieldPosition(int[] places, String parameter) {
    this.places = places;
    this.parameter = parameter;
  }

  static FieldPosition of(Shape.OfRecord root, String parameter) {
    int[] places = new int[DEEPEST];
    int depth = 0;
    Shape shape = root;
    int start = 0;
    while (start <= parameter.length() && depth < DEEPEST) {
      int dot = parameter.indexOf('.', start);
      String part = parameter.substring(start, dot < 0 ? parameter.length() : dot);
      Shape next;
      switch (shape) {
        case Shape.OfRecord record -> {
          Shape.Member member = record.byName().get(part);
          places[depth++] = member == null ? Integer.MAX_VALUE : member.ordinal();
          next = member == null ? null : member.shape();
        }
        case Shape.OfList list -> {
          places[depth++] = index(part);
          next = list.item();
        }
        case Shape.OfValue value -> next = null;
      }
      if (next == null || dot < 0) {
        break;
      }
      shape = next;
      start = dot + 1;
    }
    return new FieldPosition(Arrays.copyOf(places, depth), parameter);
  }

  /** The index a part names, or 0 if it names none; larger ones than an int are the largest int. */
  static int index(String part) {
    if (part.isEmpty() || part.charAt(0) == '0') {
      return 0;
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
    }
    return part.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(part);
  }

  @Override
  public int compareTo(FieldPosition other) {
    int order = Arrays.compare(places, other.places);
    return order != 0 ? order : parameter.compareTo(other.parameter);
  }
}
