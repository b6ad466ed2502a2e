package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DnsConfigRequest;
import io.podyard.api.containergroup.HostAliaseRequest;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.HostAlias;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a group is named and resolves names, and where it is to be (contract section 11). */
public final class NetworkRules {

  private static final int MOST_VSWITCHES = 10;
  private static final int MOST_ALIASES = 100;
  private static final int MOST_HOSTNAMES = 50;
  private static final int MOST_DNS_ENTRIES = 20;
  private static final int MOST_TIME_SERVERS = 20;
  private static final int LONGEST_OPTION = 64;
  private static final Pattern OPTION_NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Pattern OPTION_VALUE = Pattern.compile("[A-Za-z0-9._-]+");

  private final Findings findings;

  public NetworkRules(Findings findings) {
    this.findings = findings;
  }

  @Nullable String hostName(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!findings.tooLong("HostName", name, TextForms.LONGEST_LABEL) && !TextForms.isLabel(name)) {
      findings.invalid(
          "HostName", name, "must be lower-case letters, digits and '-', with no '-' at an end");
    }
    return name;
  }

  /** Time servers mean nothing here, and are no reason to take what names none. */
  void checkTimeServers(List<String> servers) {
    if (servers.size() > MOST_TIME_SERVERS) {
      findings.tooMany("NtpServer", servers.size(), MOST_TIME_SERVERS);
    }
    for (int i = 0; i < servers.size(); i++) {
      String server = servers.get(i);
      if (!TextForms.isAddress(server) && !TextForms.isHostname(server)) {
        findings.invalid(
            "NtpServer." + (i + 1), server, "must be an address or the name of a host");
      }
    }
  }

  /**
   * The group's own resolver. DnsConfig alone is enough, because SDKs older than DnsPolicy send
   * nothing else.
   */
  @Nullable DnsSettings dns(CreateContainerGroupRequest request) {
    String policy = request.dnsPolicy();
    DnsConfigRequest config = request.dnsConfig();
    if (policy != null && !policy.isEmpty()) {
      if (!policy.equals("Default") && !policy.equals("None")) {
        findings.invalid("DnsPolicy", policy, "must be Default or None");
      } else if (policy.equals("Default") && config != null) {
        findings.invalid("DnsPolicy", policy, "must be None where DnsConfig is given");
      } else if (policy.equals("None") && config == null) {
        findings.missing("DnsConfig.NameServer", "is required where DnsPolicy is None");
      }
    }
    return config == null ? null : settings(config);
  }

  private DnsSettings settings(DnsConfigRequest config) {
    List<String> servers = config.nameServer();
    if (servers.isEmpty()) {
      findings.missing("DnsConfig.NameServer", "is required in a DnsConfig");
    }
    checkDns("DnsConfig.NameServer", servers.size());
    for (int i = 0; i < servers.size(); i++) {
      if (!TextForms.isAddress(servers.get(i))) {
        findings.invalid(
            "DnsConfig.NameServer." + (i + 1), servers.get(i), "must be an IPv4 or IPv6 address");
      }
    }
    List<String> searches = config.search();
    checkDns("DnsConfig.Search", searches.size());
    for (int i = 0; i < searches.size(); i++) {
      String domain = searches.get(i);
      boolean closed = domain.length() > 1 && domain.endsWith(".");
      if (!TextForms.isHostname(closed ? domain.substring(0, domain.length() - 1) : domain)) {
        findings.invalid("DnsConfig.Search." + (i + 1), domain, "must be the name of a domain");
      }
    }
    return new DnsSettings(servers, searches, options(config.option()));
  }

  private List<String> options(List<DnsConfigRequest.Option> asked) {
    checkDns("DnsConfig.Option", asked.size());
    List<String> options = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "DnsConfig.Option." + (i + 1);
      String name = asked.get(i).name();
      String value = asked.get(i).value();
      if (name == null || name.isEmpty()) {
        findings.missing(path + ".Name");
      } else if (!findings.tooLong(path + ".Name", name, LONGEST_OPTION)
          && !OPTION_NAME.matcher(name).matches()) {
        findings.invalid(path + ".Name", name, "must be the name of a resolver option, as ndots");
      }
      if (value == null || value.isEmpty()) {
        options.add(String.valueOf(name));
      } else {
        if (!findings.tooLong(path + ".Value", value, LONGEST_OPTION)
            && !OPTION_VALUE.matcher(value).matches()) {
          findings.invalid(
              path + ".Value", value, "must be letters, digits, '.', '_' and '-', as 2");
        }
        options.add(name + ":" + value);
      }
    }
    return options;
  }

  private void checkDns(String list, int entries) {
    if (entries > MOST_DNS_ENTRIES) {
      findings.tooMany(list, entries, MOST_DNS_ENTRIES);
    }
  }

  List<HostAlias> hostAliases(List<HostAliaseRequest> asked) {
    if (asked.size() > MOST_ALIASES) {
      findings.tooMany("HostAliase", asked.size(), MOST_ALIASES);
    }
    List<HostAlias> aliases = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = "HostAliase." + (i + 1);
      String ip = asked.get(i).ip();
      if (ip == null || ip.isEmpty()) {
        findings.missing(path + ".Ip");
      } else if (!TextForms.isAddress(ip)) {
        findings.invalid(path + ".Ip", ip, "must be an IPv4 or IPv6 address");
      }
      aliases.add(
          new HostAlias(
              ip == null ? "" : ip, hostnames(path + ".Hostname", asked.get(i).hostname())));
    }
    return aliases;
  }

  private List<String> hostnames(String list, List<String> names) {
    if (names.isEmpty()) {
      findings.missing(list);
    } else if (names.size() > MOST_HOSTNAMES) {
      findings.tooMany(list, names.size(), MOST_HOSTNAMES);
    }
    for (int i = 0; i < names.size(); i++) {
      if (!TextForms.isHostname(names.get(i))) {
        findings.invalid(
            list + "." + (i + 1), names.get(i), "must be a host name such as db.example.com");
      }
    }
    return names;
  }

  /** In which order vSwitches are tried. */
  ScheduleStrategy strategy(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return ScheduleStrategy.RANDOM;
    }
    Optional<ScheduleStrategy> strategy = ScheduleStrategy.of(name);
    if (strategy.isEmpty()) {
      findings.invalid("ScheduleStrategy", name, "must be VSwitchOrdered or VSwitchRandom");
    }
    return strategy.orElse(ScheduleStrategy.RANDOM);
  }

  /** The ids of a comma separated list, each once. */
  public List<String> vSwitchIds(@Nullable String list) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    Set<String> ids = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      ids.add(part.strip());
    }
    if (ids.size() > MOST_VSWITCHES) {
      findings.tooMany("VSwitchId", ids.size(), MOST_VSWITCHES);
    } else if (!ids.stream().allMatch(TextForms::isIdentifier)) {
      findings.invalid("VSwitchId", list, "must be one to ten ids separated by commas");
    }
    return List.copyOf(ids);
  }

  /** An id that is kept as it is; null if there is none. */
  public @Nullable String identifier(String parameter, @Nullable String id) {
    if (id == null || id.isEmpty()) {
      return null;
    }
    if (!TextForms.isIdentifier(id)) {
      findings.invalid(parameter, id, "must be at most 128 letters, digits, '.', '_' and '-'");
      return null;
    }
    return id;
  }
}
