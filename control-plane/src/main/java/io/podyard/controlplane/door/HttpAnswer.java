package io.podyard.controlplane.door;

import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param headers without Content-Length
 * @param body sent as UTF-8
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {}
