package io.podyard.controlplane.tag;

import java.util.List;
import java.util.Set;

/** A type of the contract that nothing makes resources of yet: whatever is named is unknown. */
record NoResources(String type) implements TaggedResources {

  @Override
  public TagChange.Outcome change(TagChange change) {
    return new TagChange.Outcome.Unknown(Set.copyOf(change.resources()));
  }

  @Override
  public List<TagRow> list(TagQuery query) {
    return List.of();
  }
}
