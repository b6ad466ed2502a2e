package io.podyard.runtime.docker;

import io.podyard.model.AccountId;
import io.podyard.model.InstallationId;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose network it is.
 *
 * @param vSwitch null for the groups of the account that are in none
 * @param subnet of a vSwitch with addresses of its own; null where the host chooses them
 */
record NetworkOwner(
    InstallationId installation,
    AccountId account,
    @Nullable VSwitchId vSwitch,
    @Nullable String subnet) {

  static NetworkOwner of(SandboxOrder order) {
    GroupAddress address = order.spec().address();
    return new NetworkOwner(
        order.installation(),
        order.account(),
        order.spec().vSwitch(),
        address == null ? null : address.subnet());
  }

  String network() {
    return Names.network(installation, account, vSwitch, subnet);
  }

  Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Names.INSTALLATION, installation.value());
    labels.put(Names.ACCOUNT, account.value());
    if (vSwitch != null) {
      labels.put(Names.VSWITCH, vSwitch.value());
    }
    if (subnet != null) {
      labels.put(Names.SUBNET, subnet);
    }
    return labels;
  }

  /** Whether something with these labels is, or is in, this owner's network. */
  boolean owns(@Nullable Map<String, String> labels) {
    Map<String, String> has = labels == null ? Map.of() : labels;
    return installation.value().equals(has.get(Names.INSTALLATION))
        && account.value().equals(has.get(Names.ACCOUNT))
        && Objects.equals(vSwitch == null ? null : vSwitch.value(), has.get(Names.VSWITCH))
        && Objects.equals(subnet, has.get(Names.SUBNET));
  }

  /** In whose network a sandbox with these labels is; null if it is no sandbox of ours. */
  static @Nullable NetworkOwner of(InstallationId installation, Map<String, String> labels) {
    String account = labels.get(Names.ACCOUNT);
    String vSwitch = labels.get(Names.VSWITCH);
    return account == null || !installation.value().equals(labels.get(Names.INSTALLATION))
        ? null
        : new NetworkOwner(
            installation,
            new AccountId(account),
            vSwitch == null ? null : new VSwitchId(vSwitch),
            labels.get(Names.SUBNET));
  }
}
