/**
 * The REST door: the same operations as the RPC door as resources below {@code /v1}, with JSON in
 * camel case and RFC 9457 problems. A request becomes the parameters that the RPC door would have
 * read, so both decode, check and refuse alike.
 */
@NullMarked
package io.podyard.controlplane.door.rest;

import org.jspecify.annotations.NullMarked;
