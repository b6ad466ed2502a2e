package io.podyard.controlplane.usage;

/**
 * Which group made a volume, in SQL. Nothing says it once the volume is free, but both have the
 * millisecond of the request in their ids, behind their prefixes, and of the groups of one
 * millisecond the maker is the one that has the volume in its spec.
 */
public final class VolumeMaker {

  private VolumeMaker() {}

  /**
   * A condition, in parentheses, that holds for the group that made a volume.
   *
   * @param volume the volume's id
   * @param group the group's id, which has an index
   * @param spec the group's
   */
  public static String made(String volume, String group, String spec) {
    return """
        (%2$s between 'eci-' || substr(%1$s, 3, 9) and 'eci-' || substr(%1$s, 3, 9) || 'zzzzzzzzzzz'
         and %3$s -> 'volumes' @> jsonb_build_array(jsonb_build_object('id', %1$s)))\
        """
        .formatted(volume, group, spec);
  }
}
