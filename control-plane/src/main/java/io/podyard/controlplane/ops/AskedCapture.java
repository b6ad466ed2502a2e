package io.podyard.controlplane.ops;

import io.podyard.runtime.CaptureFilter;
import java.time.Duration;

/**
 * What the value of a {@code tcpdump} task says.
 *
 * @param enable whether to begin a capture; if not, the one that is under way is ended
 */
record AskedCapture(boolean enable, CaptureFilter filter, Duration longest) {}
