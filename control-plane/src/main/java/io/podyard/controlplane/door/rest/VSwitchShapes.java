package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import io.podyard.controlplane.inventory.OwnVSwitches;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about vSwitches. */
final class VSwitchShapes {

  private VSwitchShapes() {}

  record CreateVSwitchRequest(
      @Nullable String cidrBlock,
      @Nullable String regionId,
      @Nullable String vSwitchId,
      @Nullable String vSwitchName,
      @Nullable String zoneId) {}

  record VSwitchesRequest(
      @Nullable Integer limit, @Nullable String nextToken, @Nullable String regionId) {}

  record VSwitchRequest(@Nullable String regionId, @Nullable String vSwitchId) {}

  record UpdateVSwitchRequest(
      @Nullable String regionId,
      @Nullable String vSwitchId,
      @Required @Nullable String vSwitchName) {}

  record DeleteVSwitchRequest(@Nullable String regionId, @Nullable String vSwitchId) {}

  /** A page of vSwitches in the order of their ids. */
  record VSwitchesResponse(List<VSwitchResponse> vSwitches, @Nullable String nextToken) {}

  /** The vSwitch is no more. */
  record DeleteVSwitchResponse() {}

  /** One vSwitch. */
  record VSwitchResponse(
      String vSwitchId,
      String regionId,
      String zoneId,
      @Nullable String vSwitchName,
      @Nullable String cidrBlock,
      @Nullable Integer availableIpAddressCount,
      Instant creationTime) {

    static VSwitchResponse of(OwnVSwitches.Listed vSwitch) {
      return new VSwitchResponse(
          vSwitch.id().value(),
          vSwitch.region().value(),
          vSwitch.zone().value(),
          vSwitch.name(),
          vSwitch.cidr() == null ? null : vSwitch.cidr().toString(),
          vSwitch.free(),
          vSwitch.createdAt().truncatedTo(ChronoUnit.SECONDS));
    }
  }
}
