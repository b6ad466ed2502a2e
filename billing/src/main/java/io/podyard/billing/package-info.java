/**
 * Usage and prices in, charge lines and bills out: exact, pure functions without a clock or a
 * database.
 */
@NullMarked
package io.podyard.billing;

import org.jspecify.annotations.NullMarked;
