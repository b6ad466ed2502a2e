package io.podyard.api.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a component on the wire where it is not simply the component with a capital first
 * letter.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface WireName {

  /** The name that is written, and read. */
  String value();

  /** Names that are read as well, because SDKs send them (contract section 2.2). */
  String[] aliases() default {};

  /**
   * Parts of the component that an SDK sends as parts of the record around it: {@code
   * EmptyDirVolumeSizeLimit} for {@code SizeLimit} of {@code EmptyDirVolume}. Each is the end of
   * such a name after the component's own, which is also the part's name.
   */
  String[] flattened() default {};
}
