/** Accounts and access keys in PostgreSQL. */
@NullMarked
package io.podyard.controlplane.account.persistence;

import org.jspecify.annotations.NullMarked;
