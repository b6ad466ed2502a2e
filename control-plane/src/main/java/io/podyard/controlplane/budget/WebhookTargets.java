package io.podyard.controlplane.budget;

import io.podyard.controlplane.settings.PodyardSettings;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Whom webhooks may tell. The server is in a network that accounts are not in, so accounts tell
 * only hosts that the operator allows; the operator's own budgets tell any. Nobody is told at
 * addresses that mean the machine itself to whoever is on it, such as a cloud's metadata.
 */
@Component
public class WebhookTargets {

  private static final int LONGEST = 2000;

  /** The metadata addresses of clouds that are not link-local. */
  private static final Set<String> METADATA =
      Set.of("646464c8", "fd000ec2000000000000000000000254");

  private final List<String> hosts;

  WebhookTargets(PodyardSettings settings) {
    this.hosts =
        settings.budgets().webhookHosts().stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .toList();
  }

  /**
   * Why an address cannot be told, to follow the word address.
   *
   * @param operator whether the account is an operator's
   */
  public Optional<String> problem(String address, boolean operator) {
    if (address.length() > LONGEST) {
      return Optional.of("has at most %d characters".formatted(LONGEST));
    }
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      return Optional.of("must be a URL such as https://hooks.example.com/budget");
    }
    String host = uri.getHost();
    String scheme = uri.getScheme();
    if (host == null
        || scheme == null
        || !Set.of("http", "https").contains(scheme)
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null
        || uri.getPort() == 0
        || uri.getPort() > 65535
        || !address.chars().allMatch(c -> c > ' ' && c < 127)) {
      return Optional.of(
          "must be a URL such as https://hooks.example.com/budget, http or https, without user and"
              + " fragment");
    }
    return operator || isAllowed(host.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "is of no host that the operator of this installation allows; there "
                + (hosts.isEmpty() ? "are none" : "is " + String.join(", ", hosts)));
  }

  private boolean isAllowed(String host) {
    return hosts.stream()
        .anyMatch(
            allowed ->
                allowed.startsWith("*.")
                    ? host.endsWith(allowed.substring(1))
                    : host.equals(allowed));
  }

  /** Whether nobody is told there. */
  static boolean isClosed(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        || METADATA.contains(HexFormat.of().formatHex(address.getAddress()))
        || (address instanceof Inet4Address && (address.getAddress()[0] & 0xff) >= 0xf0)
        || (address instanceof Inet4Address && address.getAddress()[0] == 0);
  }
}
