package io.podyard.scheduler;

import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What placement saw when it looked at every host of the region for a request. It names no host, so
 * it may be shown to whoever made the request.
 *
 * @param hostsLookedAt all hosts of the region, schedulable or not
 * @param hostsFitting those that can take the request now
 * @param ruledOut the others by reason; reasons without a host are left out
 * @param largestAllocatable what the largest host in the right zone, and with the disks of the
 *     request, offers when it is empty
 * @param largestFree the most that is free on one such host that is ready
 * @param missing what the closest such host lacks; zero if one fits, the whole size if there is no
 *     such host
 * @param couldEverFit whether some host in the right zone and with the disks, ready or not, could
 *     take the size if it were empty; if not, waiting cannot help
 */
public record Explanation(
    PlacementRequest request,
    int hostsLookedAt,
    int hostsFitting,
    Map<RuledOut, Integer> ruledOut,
    Size largestAllocatable,
    Size largestFree,
    Size missing,
    boolean couldEverFit) {

  public Explanation {
    EnumMap<RuledOut, Integer> copy = new EnumMap<>(RuledOut.class);
    copy.putAll(ruledOut);
    ruledOut = Collections.unmodifiableMap(copy);
  }

  /** How many hosts this reason ruled out, 0 or more. */
  public int ruledOut(RuledOut reason) {
    return ruledOut.getOrDefault(reason, 0);
  }

  /** Whether there is a host, ready or not, in a zone that would do. */
  public boolean anyHostInZone() {
    return hostsInZone() > 0;
  }

  private int hostsInZone() {
    return hostsLookedAt - ruledOut(RuledOut.WRONG_ZONE);
  }

  /** One or two sentences with numbers for the person who made the request. */
  public String sentence() {
    if (hostsLookedAt == 0) {
      return "Region " + request.region() + " has no hosts.";
    }
    if (hostsFitting > 0) {
      return "%d of %s of %s can take %s%s now%s."
          .formatted(
              hostsFitting, hosts(), request.region(), words(request.size()), where(), reasons());
    }
    if (!anyHostInZone()) {
      return "Zone " + request.zone() + " has no hosts.";
    }
    if (hostsThatWouldDo() == 0) {
      return "The host that keeps its disks is not among the hosts of "
          + request.region()
          + where()
          + ".";
    }
    if (!couldEverFit) {
      return "No host of %s%s is large enough for %s: of %s the largest offers %s."
          .formatted(
              request.region(),
              where(),
              words(request.size()),
              hosts(hostsThatWouldDo()),
              words(largestAllocatable));
    }
    return "None of %s of %s can take %s%s now%s.%s"
        .formatted(
            hosts(), request.region(), words(request.size()), where(), reasons(), shortage());
  }

  private int hostsThatWouldDo() {
    return hostsInZone() - ruledOut(RuledOut.OTHER_HOST);
  }

  private String hosts() {
    return hosts(hostsLookedAt);
  }

  private static String hosts(int count) {
    return count == 1 ? "1 host" : count + " hosts";
  }

  private String where() {
    return request.zone() == null ? "" : " in zone " + request.zone();
  }

  private String reasons() {
    if (ruledOut.isEmpty()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    ruledOut.forEach((reason, count) -> parts.add(count + " " + reason.words()));
    return ": " + String.join(", ", parts);
  }

  private String shortage() {
    if (ruledOut(RuledOut.NOT_READY) == hostsThatWouldDo()) {
      return "";
    }
    return " The most that is free on one host is %s; the closest host lacks %s."
        .formatted(words(largestFree), words(missing));
  }

  /** Both dimensions, or only the one that is not zero. */
  private static String words(Size size) {
    String cpu = size.cpu().vcpu().stripTrailingZeros().toPlainString() + " vCPU";
    String memory = size.memory().gib().toPlainString() + " GiB";
    if (size.cpu().equals(MilliCpu.ZERO) && !size.memory().equals(MemoryMib.ZERO)) {
      return memory;
    }
    if (size.memory().equals(MemoryMib.ZERO) && !size.cpu().equals(MilliCpu.ZERO)) {
      return cpu;
    }
    return cpu + " and " + memory;
  }
}
