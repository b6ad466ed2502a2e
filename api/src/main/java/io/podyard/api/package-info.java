/**
 * The public contract in code: the actions, the support of each field, the codec between RPC
 * parameters and records, errors, JSON, and a client. It knows neither a server nor a database.
 */
@NullMarked
package io.podyard.api;

import org.jspecify.annotations.NullMarked;
