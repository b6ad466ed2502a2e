package io.podyard.runtime.docker.web;

/**
 * A server and how far it is trusted.
 *
 * @param name for messages, such as "the registry example.com"
 * @param loopback whether it, and what it redirects to, may be on this machine
 * @param plain whether a redirect may lead to an address without TLS
 * @param verified whether certificates are checked
 * @param redirects most that are followed
 */
public record Peer(String name, boolean loopback, boolean plain, boolean verified, int redirects) {}
