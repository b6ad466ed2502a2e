package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Which packets are captured, and how much of them; all conditions that are there must hold.
 *
 * @param device the network device, such as {@code eth0}, or {@code any}
 * @param protocol null for any
 * @param source of the packets
 * @param destination of the packets
 * @param snapLength bytes kept of each packet, 1 to 262144
 * @param packets after so many the capture ends; 0 for no limit
 * @param fileBytes the file gets no larger, and the capture ends there
 */
public record CaptureFilter(
    String device,
    @Nullable Protocol protocol,
    End source,
    End destination,
    int snapLength,
    int packets,
    long fileBytes) {

  /** A protocol over IP version 4. */
  public enum Protocol {
    TCP,
    UDP,
    ICMP
  }

  /**
   * Where packets come from or go to.
   *
   * @param network an address {@code a.b.c.d} or a network {@code a.b.c.d/n}, null for anywhere
   * @param port 1 to 65535, null for any
   */
  public record End(@Nullable String network, @Nullable Integer port) {

    public static final End ANY = new End(null, null);
  }
}
