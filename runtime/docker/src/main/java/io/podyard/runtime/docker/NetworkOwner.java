package io.podyard.runtime.docker;

import io.podyard.model.AccountId;
import io.podyard.model.InstallationId;
import io.podyard.model.VSwitchId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose network it is.
 *
 * @param vSwitch null for the groups of the account that are in none
 */
record NetworkOwner(InstallationId installation, AccountId account, @Nullable VSwitchId vSwitch) {

  String network() {
    return Names.network(installation, account, vSwitch);
  }

  Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Names.INSTALLATION, installation.value());
    labels.put(Names.ACCOUNT, account.value());
    if (vSwitch != null) {
      labels.put(Names.VSWITCH, vSwitch.value());
    }
    return labels;
  }

  /** Whether something with these labels is, or is in, this owner's network. */
  boolean owns(@Nullable Map<String, String> labels) {
    Map<String, String> has = labels == null ? Map.of() : labels;
    return installation.value().equals(has.get(Names.INSTALLATION))
        && account.value().equals(has.get(Names.ACCOUNT))
        && Objects.equals(vSwitch == null ? null : vSwitch.value(), has.get(Names.VSWITCH));
  }

  /** In whose network a sandbox with these labels is; null if it is no sandbox of ours. */
  static @Nullable NetworkOwner of(InstallationId installation, Map<String, String> labels) {
    String account = labels.get(Names.ACCOUNT);
    String vSwitch = labels.get(Names.VSWITCH);
    return account == null || !installation.value().equals(labels.get(Names.INSTALLATION))
        ? null
        : new NetworkOwner(
            installation, new AccountId(account), vSwitch == null ? null : new VSwitchId(vSwitch));
  }
}
