package io.podyard.scheduler;

import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What placement saw when it looked at every host of the region for a request. Its {@link
 * #sentence()} names no host, so it may be shown to whoever made the request; {@link #best} is for
 * operators.
 *
 * @param hostsLookedAt all hosts of the region, schedulable or not
 * @param hostsFitting those that can take the request now
 * @param ruledOut the others by reason; reasons without a host are left out
 * @param largest what the largest host that would do offers when it is empty; a host would do if it
 *     is in the right place and of the right kind, and has the disks of the request
 * @param mostFree the most that is free on one such host that is ready, answers and is not kept for
 *     others
 * @param lacking what the closest such host lacks; nothing if one fits, all that is asked for if
 *     there is no such host
 * @param couldEverFit whether some host that would do, ready or not, could take the request if it
 *     were empty; if not, waiting cannot help
 * @param best the host that a pick takes now and the two that are next best, fewer if there are no
 *     more
 */
public record Explanation(
    PlacementRequest request,
    int hostsLookedAt,
    int hostsFitting,
    Map<RuledOut, Integer> ruledOut,
    Room largest,
    Room mostFree,
    Room lacking,
    boolean couldEverFit,
    List<Candidate> best) {

  public Explanation {
    EnumMap<RuledOut, Integer> copy = new EnumMap<>(RuledOut.class);
    copy.putAll(ruledOut);
    ruledOut = Collections.unmodifiableMap(copy);
    best = List.copyOf(best);
  }

  /** vCPU and memory of the largest host that would do. */
  public Size largestAllocatable() {
    return largest.size();
  }

  /** vCPU and memory of the most that is free on one host that would do. */
  public Size largestFree() {
    return mostFree.size();
  }

  /** vCPU and memory that the closest host lacks. */
  public Size missing() {
    return lacking.size();
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
          .formatted(hostsFitting, hosts(), request.region(), asked(), where(), reasons());
    }
    if (!anyHostInZone()) {
      return "Zone " + request.zone() + " has no hosts.";
    }
    if (hostsOfKind() == 0) {
      return "No host of %s%s is of the kind asked for%s."
          .formatted(request.region(), where(), reasons());
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
              asked(),
              hosts(hostsThatWouldDo()),
              largest.words(request, true));
    }
    return "None of %s of %s can take %s%s now%s.%s"
        .formatted(hosts(), request.region(), asked(), where(), reasons(), shortage());
  }

  private String asked() {
    return Room.wanted(request).words(request, false);
  }

  private int hostsOfKind() {
    int ofOtherKind =
        ruledOut.entrySet().stream()
            .filter(entry -> entry.getKey().isKind())
            .mapToInt(Map.Entry::getValue)
            .sum();
    return hostsInZone() - ofOtherKind;
  }

  private int hostsThatWouldDo() {
    return hostsOfKind() - ruledOut(RuledOut.OTHER_HOST);
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
    int aside =
        ruledOut.entrySet().stream()
            .filter(entry -> entry.getKey().isAside())
            .mapToInt(Map.Entry::getValue)
            .sum();
    if (aside == hostsThatWouldDo()) {
      return "";
    }
    return " The most that is free on one host is %s; the closest host lacks %s."
        .formatted(mostFree.words(request, true), lacking.words(request, false));
  }
}
