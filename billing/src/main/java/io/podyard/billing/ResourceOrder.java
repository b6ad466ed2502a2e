package io.podyard.billing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes what comes in order of resources, all of one resource at a time. */
final class ResourceOrder<T> {

  private final Iterator<T> source;
  private final Function<T, Resource> resource;
  private @Nullable T head;

  ResourceOrder(Iterable<T> source, Function<T, Resource> resource) {
    this.source = source.iterator();
    this.resource = resource;
    this.head = next();
  }

  private @Nullable T next() {
    return source.hasNext() ? source.next() : null;
  }

  /** The resource that comes next, null at the end. */
  @Nullable Resource peek() {
    return head == null ? null : resource.apply(head);
  }

  /**
   * All of the resource, none if another one comes next.
   *
   * @throws IllegalArgumentException if what follows them should have come before
   */
  List<T> take(Resource wanted) {
    List<T> taken = new ArrayList<>();
    while (head != null && resource.apply(head).equals(wanted)) {
      taken.add(head);
      head = next();
    }
    Resource following = peek();
    if (following != null && following.compareTo(wanted) < 0) {
      throw new IllegalArgumentException(following + " comes after " + wanted);
    }
    return taken;
  }
}
