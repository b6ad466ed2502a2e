/**
 * Where sessions are opened: a WebSocket that speaks the channels of Kubernetes, and a page with a
 * terminal. Whoever has a session's secret may open it; nothing else is asked.
 */
@NullMarked
package io.podyard.controlplane.door.exec;

import org.jspecify.annotations.NullMarked;
