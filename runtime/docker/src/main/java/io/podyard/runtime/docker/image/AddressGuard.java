package io.podyard.runtime.docker.image;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Keeps fetches away from addresses that no registry has: those of the machine's own link (where
 * clouds serve secrets to whoever asks), and, for registries elsewhere, this machine itself. Names
 * are looked up again when the connection is made; the JVM keeps answers for longer than that.
 */
final class AddressGuard {

  private AddressGuard() {}

  /**
   * @param loopback whether this machine itself may be asked
   */
  static void check(URI uri, boolean loopback) throws FetchFailure {
    String host = uri.getHost();
    if (host == null) {
      throw FetchFailure.pull("the address " + uri + " has no host");
    }
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw FetchFailure.pull("the registry host " + host + " is unknown", e);
    }
    for (InetAddress address : addresses) {
      if (address.isLinkLocalAddress()
          || address.isAnyLocalAddress()
          || address.isMulticastAddress()
          || isCloudMetadata(address)
          || (address.isLoopbackAddress() && !loopback)) {
        throw FetchFailure.pull(
            "the registry points to " + host + ", an address from which nothing is fetched");
      }
    }
  }

  private static boolean isCloudMetadata(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return (bytes[0] & 0xff) == 0xfd
        && bytes[1] == 0
        && bytes[2] == 0x0e
        && (bytes[3] & 0xff) == 0xc2;
  }
}
