package io.podyard.runtime.docker.web;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps fetches away from addresses that nobody has who is to be fetched from: those of the
 * machine's own link and others where clouds serve secrets to whoever asks, and, for servers
 * elsewhere, this machine itself. Names are looked up again when the connection is made; the JVM
 * keeps answers for longer than that.
 */
public final class AddressGuard {

  /** Where clouds tell machines their secrets, as far as it is not the link's own network. */
  private static final List<byte[]> METADATA =
      List.of(
          new byte[] {(byte) 0xfd, 0, 0x0e, (byte) 0xc2},
          new byte[] {100, 100, 100, (byte) 200},
          new byte[] {(byte) 192, 0, 0, (byte) 192},
          new byte[] {(byte) 168, 63, (byte) 129, 16});

  private AddressGuard() {}

  /**
   * @param who is asked, for the message
   * @param loopback whether this machine itself may be asked
   */
  static void check(String who, URI uri, boolean loopback) throws WebRefusal {
    String host = uri.getHost();
    if (host == null) {
      throw new WebRefusal("the address " + uri + " has no host");
    }
    addresses(who, host, loopback);
  }

  /** The addresses of a host, all of which may be asked. */
  public static InetAddress[] addresses(String who, String host, boolean loopback)
      throws WebRefusal {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new WebRefusal("the host " + host + " of " + who + " is unknown", e);
    }
    for (InetAddress address : addresses) {
      if (address.isLinkLocalAddress()
          || address.isAnyLocalAddress()
          || address.isMulticastAddress()
          || isCloudMetadata(address)
          || (address.isLoopbackAddress() && !loopback)) {
        throw new WebRefusal(who + " points to " + host + ", from which nothing is fetched");
      }
    }
    return addresses;
  }

  private static boolean isCloudMetadata(InetAddress address) {
    byte[] bytes = address.getAddress();
    return METADATA.stream()
        .anyMatch(
            known ->
                Arrays.equals(
                    known, 0, known.length, bytes, 0, Math.min(known.length, bytes.length)));
  }
}
