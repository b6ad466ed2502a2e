package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ImageRegistryCredentialRequest;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How registries are spoken to (contract section 11). Passwords are never part of a message. */
public final class RegistryRules {

  private static final int MOST_CREDENTIALS = 10;
  private static final int MOST_REGISTRIES = 20;
  private static final int LONGEST_USER_NAME = 256;

  /** Some registries have tokens of several thousand characters for passwords. */
  private static final int LONGEST_PASSWORD = 16_384;

  private static final String FORM = "a registry such as registry.example.com:5000";

  private final Findings findings;

  public RegistryRules(Findings findings) {
    this.findings = findings;
  }

  public List<RegistryCredential> credentials(List<ImageRegistryCredentialRequest> asked) {
    if (asked.size() > MOST_CREDENTIALS) {
      findings.tooMany("ImageRegistryCredential", asked.size(), MOST_CREDENTIALS);
    }
    List<RegistryCredential> credentials = new ArrayList<>();
    Set<String> servers = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "ImageRegistryCredential." + (i + 1);
      String password = required(path + ".Password", asked.get(i).password(), LONGEST_PASSWORD);
      String server = required(path + ".Server", asked.get(i).server(), TextForms.LONGEST_HOSTNAME);
      if (!server.isEmpty()) {
        checkServer(path + ".Server", server, servers);
      }
      String user = required(path + ".UserName", asked.get(i).userName(), LONGEST_USER_NAME);
      // The protocol separates user name and password by a colon.
      if (user.indexOf(':') >= 0 || !TextForms.isPrintable(user, LONGEST_USER_NAME)) {
        findings.invalid(path + ".UserName", user, "must have no ':' and no control characters");
      }
      credentials.add(new RegistryCredential(server, user, new Secret(password)));
    }
    return credentials;
  }

  private void checkServer(String parameter, String server, Set<String> servers) {
    if (!TextForms.isRegistry(server)) {
      findings.invalid(parameter, server, "must be " + FORM + ", without a scheme and a path");
    } else if (!servers.add(server.toLowerCase(Locale.ROOT))) {
      findings.invalid(parameter, server, "must be given once");
    }
  }

  private String required(String parameter, @Nullable String text, int longest) {
    if (text == null || text.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    return findings.tooLong(parameter, text, longest) ? "" : text;
  }

  /** The registries of a comma separated list, each once. */
  public List<String> registries(String parameter, @Nullable String list) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    Set<String> registries = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      registries.add(part.strip());
    }
    if (registries.size() > MOST_REGISTRIES) {
      findings.tooMany(parameter, registries.size(), MOST_REGISTRIES);
      return List.of();
    }
    for (String registry : registries) {
      if (!TextForms.isRegistry(registry)) {
        findings.invalid(
            parameter, registry, "must list, separated by commas, " + FORM + " without a scheme");
      }
    }
    return List.copyOf(registries);
  }
}
