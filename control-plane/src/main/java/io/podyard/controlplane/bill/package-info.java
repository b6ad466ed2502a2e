/** Bills of accounts and months: made of settled lines, rounded, closed once, exported. */
@NullMarked
package io.podyard.controlplane.bill;

import org.jspecify.annotations.NullMarked;
