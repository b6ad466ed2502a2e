/** Accounts, their access keys, and who calls. */
@NullMarked
package io.podyard.controlplane.account;

import org.jspecify.annotations.NullMarked;
