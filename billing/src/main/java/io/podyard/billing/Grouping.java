package io.podyard.billing;

import io.podyard.model.ZoneId;
import java.time.ZoneOffset;

/** By what the lines of a bill are added up. */
public sealed interface Grouping {

  /** What lines belong to that have nothing of the kind. */
  String NOTHING = "";

  /** What the line belongs to, {@link #NOTHING} if it has nothing of the kind. */
  String of(SettledLine line, ResourceFacts facts);

  /** By resources of one kind: container groups, image caches. */
  record ByResource(ResourceKind kind) implements Grouping {
    @Override
    public String of(SettledLine line, ResourceFacts facts) {
      Resource resource = line.slot().resource();
      return resource.kind() == kind ? resource.id() : NOTHING;
    }
  }

  /** By the value of a tag. */
  record ByTag(String key) implements Grouping {
    @Override
    public String of(SettledLine line, ResourceFacts facts) {
      return facts.tags().getOrDefault(key, NOTHING);
    }
  }

  /** By zone. */
  record ByZone() implements Grouping {
    @Override
    public String of(SettledLine line, ResourceFacts facts) {
      ZoneId zone = line.slot().zone();
      return zone == null ? NOTHING : zone.value();
    }
  }

  /** By UTC day, written like {@code 2026-03-01}. */
  record ByDay() implements Grouping {
    @Override
    public String of(SettledLine line, ResourceFacts facts) {
      return line.of().hour().start().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
  }

  /** By item; what was not used of a savings plan has none. */
  record ByItem() implements Grouping {
    @Override
    public String of(SettledLine line, ResourceFacts facts) {
      Item item = line.slot().item();
      return item == null ? NOTHING : item.code();
    }
  }
}
