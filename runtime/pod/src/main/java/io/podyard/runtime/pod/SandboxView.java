package io.podyard.runtime.pod;

/**
 * A sandbox as the engine has it.
 *
 * @param ip its address, empty if it has none
 * @param epoch of the driver that made it
 */
public record SandboxView(String engineId, boolean running, String ip, long epoch) {
  public SandboxView {
    ip = PlainWords.reason(ip);
  }
}
