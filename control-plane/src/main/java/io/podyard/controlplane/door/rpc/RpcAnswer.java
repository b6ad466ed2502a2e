package io.podyard.controlplane.door.rpc;

import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param headers without Content-Length
 * @param body sent as UTF-8
 */
record RpcAnswer(int status, Map<String, String> headers, String body) {}
