package io.podyard.controlplane.imagecache;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An image's name with all that it leaves out: {@code nginx} and {@code
 * docker.io/library/nginx:latest} are one.
 *
 * @param repository registry and path
 * @param tag null where only a digest is named
 * @param digest null where none is named
 */
record KnownImage(String repository, @Nullable String tag, @Nullable String digest) {

  private static final String DOCKER_HUB = "docker.io";

  /** Of a name that is one ({@link io.podyard.controlplane.containergroup.ImageNames}). */
  static KnownImage of(String name) {
    int at = name.indexOf('@');
    String digest = at < 0 ? null : name.substring(at + 1);
    String named = at < 0 ? name : name.substring(0, at);
    int colon = named.lastIndexOf(':');
    boolean tagged = colon > named.lastIndexOf('/');
    String tag = tagged ? named.substring(colon + 1) : digest == null ? "latest" : null;
    return new KnownImage(repository(tagged ? named.substring(0, colon) : named), tag, digest);
  }

  private static String repository(String path) {
    int slash = path.indexOf('/');
    String first = slash < 0 ? "" : path.substring(0, slash);
    boolean registry =
        first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equalsIgnoreCase("localhost");
    if (!registry) {
      return DOCKER_HUB + "/" + (slash < 0 ? "library/" : "") + path;
    }
    String host = first.toLowerCase(Locale.ROOT);
    String rest = path.substring(slash + 1);
    if (host.equals(DOCKER_HUB) || host.equals("index." + DOCKER_HUB)) {
      return DOCKER_HUB + "/" + (rest.indexOf('/') < 0 ? "library/" : "") + rest;
    }
    return host + "/" + rest;
  }

  /** Of several, each once. */
  static Set<String> texts(Collection<String> names) {
    return names.stream().map(name -> of(name).text()).collect(Collectors.toUnmodifiableSet());
  }

  /** One text for all spellings. */
  String text() {
    return digest != null ? repository + "@" + digest : repository + ":" + tag;
  }
}
