package io.podyard.api.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list that travels as one text holding a JSON array of texts (contract section 2.1). */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface JsonArrayText {

  /** Whether a plain id, or several separated by commas, is accepted in place of a JSON array. */
  boolean single() default false;
}
