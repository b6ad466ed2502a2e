package io.podyard.controlplane.instancetype;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The instance types of an installation, in the order in which they were declared. */
public final class InstanceTypes {

  private static final String SHIPPED = "instance-types.csv";

  private final Map<String, InstanceType> byName = new LinkedHashMap<>();

  private InstanceTypes(Collection<InstanceType> types) {
    types.forEach(type -> byName.put(type.name(), type));
  }

  /** Those that come with Podyard. */
  public static InstanceTypes shipped() {
    try (InputStream file = InstanceTypes.class.getResourceAsStream(SHIPPED)) {
      if (file == null) {
        throw new IllegalStateException(SHIPPED + " is missing in this build");
      }
      return new InstanceTypes(
          InstanceTypesReader.read(new String(file.readAllBytes(), StandardCharsets.UTF_8))
              .types());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The shipped ones with those of a file: these replace shipped ones of the same name, or all of
   * them if the file says so.
   *
   * @param file of an operator, null for none
   * @throws IllegalStateException if it cannot be read, or with every mistake in it
   */
  static InstanceTypes of(@Nullable Path file) {
    if (file == null) {
      return shipped();
    }
    try {
      return with(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException(
          "PODYARD_INSTANCE_TYPES: %s cannot be read: %s".formatted(file, e.getMessage()), e);
    } catch (InvalidInstanceTypesException e) {
      throw new IllegalStateException(
          "PODYARD_INSTANCE_TYPES: %s has %d mistakes:%n%s"
              .formatted(
                  file, e.problems().size(), String.join(System.lineSeparator(), e.problems())),
          e);
    }
  }

  /**
   * The same with the text of a file.
   *
   * @throws InvalidInstanceTypesException with every mistake and its line
   */
  public static InstanceTypes with(String text) {
    InstanceTypesReader.Read read = InstanceTypesReader.read(text);
    InstanceTypes all = read.alone() ? new InstanceTypes(List.of()) : shipped();
    read.types().forEach(type -> all.byName.put(type.name(), type));
    return all;
  }

  public Optional<InstanceType> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Those of a family, such as {@code ecs.c6}. */
  public List<InstanceType> ofFamily(String family) {
    return byName.values().stream().filter(type -> type.family().equals(family)).toList();
  }

  public List<InstanceType> all() {
    return List.copyOf(byName.values());
  }
}
