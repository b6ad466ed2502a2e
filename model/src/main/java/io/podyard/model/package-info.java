/**
 * The words every room speaks: ids, sizes, money and periods. A closed list; nothing here knows a
 * database, a clock or a wire format.
 */
@NullMarked
package io.podyard.model;

import org.jspecify.annotations.NullMarked;
