package io.podyard.runtime.docker.image;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The full name of an image, as Docker reads short ones: {@code nginx} is {@code
 * docker.io/library/nginx:latest}.
 *
 * @param host registry, with its port if one was given
 * @param repository path in the registry
 * @param tag null if only a digest was given
 * @param digest {@code sha256:...}, or null
 */
public record ImageReference(
    String host, String repository, @Nullable String tag, @Nullable String digest) {

  public static final String DOCKER_HUB = "docker.io";

  /** Names under which fetched images are kept in an engine; nobody may ask for them. */
  public static final String OWN_HOST = "podyard.local";

  private static final int LONGEST_NAME = 255;
  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])"
              + "(?:\\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*"
              + "|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?");
  private static final Pattern PATH_PART =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
  private static final Pattern BARE_ID = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws FetchFailure with reason {@code InvalidImageName} and what is wrong
   */
  public static ImageReference parse(String text) throws FetchFailure {
    String rest = text;
    String digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
      if (!DIGEST.matcher(digest).matches()) {
        throw invalid(text, "its digest must be sha256: and 64, or sha512: and 128 hex digits");
      }
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw invalid(text, "its tag must be up to 128 letters, digits, '_', '.' and '-'");
      }
    }
    if (BARE_ID.matcher(rest).matches()) {
      throw invalid(text, "64 hex digits are an image's id, not a name");
    }
    String host = DOCKER_HUB;
    String path = rest;
    int slash = rest.indexOf('/');
    if (slash > 0 && looksLikeHost(rest.substring(0, slash))) {
      host = rest.substring(0, slash);
      path = rest.substring(slash + 1);
      if (!HOST.matcher(host).matches()) {
        throw invalid(text, "'" + host + "' is no registry host");
      }
    }
    if (host.equals("index.docker.io") || host.equals("registry-1.docker.io")) {
      host = DOCKER_HUB;
    }
    if (host.equals(DOCKER_HUB) && path.indexOf('/') < 0) {
      path = "library/" + path;
    }
    checkPath(text, host, path);
    return new ImageReference(host, path, tag == null && digest == null ? "latest" : tag, digest);
  }

  /** The first part of a name is a host if it has a dot, a port or a capital, or is localhost. */
  private static boolean looksLikeHost(String part) {
    return part.indexOf('.') >= 0
        || part.indexOf(':') >= 0
        || part.equals("localhost")
        || part.chars().anyMatch(Character::isUpperCase);
  }

  private static void checkPath(String text, String host, String path) throws FetchFailure {
    if (host.length() + 1 + path.length() > LONGEST_NAME) {
      throw invalid(text, "it is longer than " + LONGEST_NAME + " characters");
    }
    if (host.equals(OWN_HOST) || host.startsWith(OWN_HOST + ":")) {
      throw invalid(text, "the host " + OWN_HOST + " is reserved");
    }
    for (String part : path.split("/", -1)) {
      if (!PATH_PART.matcher(part).matches()) {
        throw invalid(
            text, "a part of it must be lower-case letters, digits and single '.', '_' or '-'");
      }
    }
  }

  private static FetchFailure invalid(String text, String why) {
    return new FetchFailure(
        FetchFailure.INVALID_NAME, "\"" + text + "\" is no image name: " + why, 0);
  }

  /** What a manifest is asked for by: the digest if there is one. */
  public String target() {
    String target = digest == null ? tag : digest;
    return target == null ? "latest" : target;
  }

  /** The full name; equal for equal images. */
  @Override
  public String toString() {
    return host
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
