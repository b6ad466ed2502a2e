package io.podyard.runtime;

import java.util.regex.Pattern;

/**
 * The address that a group has in its vSwitch, and the network in which that is one. Who gives it
 * sees to it that no other group has it.
 *
 * @param ip IPv4, within the subnet, neither its first or last address nor the gateway
 * @param subnet {@code a.b.c.d/n}, the same for all groups of the vSwitch; it never overlaps that
 *     of another vSwitch of the region
 * @param gateway the host's own address in it
 */
public record GroupAddress(String ip, String subnet, String gateway) {

  private static final String NUMBER = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IP = NUMBER + "(\\." + NUMBER + "){3}";
  private static final Pattern ADDRESS = Pattern.compile(IP);
  private static final Pattern SUBNET = Pattern.compile(IP + "/(1[6-9]|2\\d)");

  /**
   * @throws IllegalArgumentException if one of them is not of its form
   */
  public GroupAddress {
    if (!ADDRESS.matcher(ip).matches()
        || !ADDRESS.matcher(gateway).matches()
        || !SUBNET.matcher(subnet).matches()) {
      throw new IllegalArgumentException(
          "no address of a group: %s in %s behind %s".formatted(ip, subnet, gateway));
    }
  }

  /** With the length of the subnet's prefix, as the group's own interface has it. */
  public String inSubnet() {
    return ip + subnet.substring(subnet.indexOf('/'));
  }
}
