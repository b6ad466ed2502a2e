package io.podyard.controlplane.door.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All operations of the door, found by method and path. */
final class Routes {

  /** What a method and a path lead to. */
  sealed interface Found {}

  /**
   * An operation.
   *
   * @param variables of its path
   */
  record Match(Route route, Map<String, String> variables) implements Found {}

  /** The path is there, but not for this method. */
  record OtherMethods(List<String> allowed) implements Found {}

  /** There is nothing at the path. */
  record Nothing() implements Found {}

  private final List<Route> routes;

  /**
   * @throws IllegalArgumentException if two have the same method and path or the same id
   */
  Routes(List<Route> routes) {
    this.routes =
        routes.stream()
            .sorted(
                Comparator.comparing((Route route) -> route.path().text())
                    .thenComparing(Route::method))
            .toList();
    TreeSet<String> seen = new TreeSet<>();
    for (Route route : this.routes) {
      if (!seen.add(route.operationId()) || !seen.add(route.method() + " " + route.path().text())) {
        throw new IllegalArgumentException("there are two of " + route.operationId());
      }
    }
  }

  /** By path and method. */
  List<Route> all() {
    return routes;
  }

  Found find(String method, String rawPath) {
    // HTTP answers HEAD as GET, without the body.
    String wanted = method.equals("HEAD") ? "GET" : method;
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> variables = route.path().match(rawPath);
      if (variables.isPresent()) {
        if (route.method().equals(wanted)) {
          return new Match(route, variables.get());
        }
        allowed.add(route.method());
      }
    }
    return allowed.isEmpty()
        ? new Nothing()
        : new OtherMethods(allowed.stream().collect(Collectors.toList()));
  }
}
