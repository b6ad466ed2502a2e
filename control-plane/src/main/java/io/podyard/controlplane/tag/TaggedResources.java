package io.podyard.controlplane.tag;

import io.podyard.controlplane.write.NotWrittenException;
import java.util.List;

/** Resources of one type that can have tags, kept by the feature they belong to. */
public interface TaggedResources {

  /** The contract's name of the type, for example {@code ContainerGroup}. */
  String type();

  /**
   * Changes tags, of all resources of the change or of none. Returns when that is durable.
   *
   * @throws NotWrittenException if it may not be durable
   */
  TagChange.Outcome change(TagChange change) throws NotWrittenException;

  /** Tags, newest resources first, those of one resource in the order of their keys. */
  List<TagRow> list(TagQuery query);
}
