package io.podyard.runtime;

/**
 * How to log in to a registry.
 *
 * @param server host and optional port, without a scheme
 */
public record RegistryCredential(String server, String userName, Secret password) {}
