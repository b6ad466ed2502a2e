package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.volume.PersistentVolume;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about disks. */
final class VolumeShapes {

  private VolumeShapes() {}

  record VolumesRequest(
      @Nullable Integer limit, @Nullable String nextToken, @Nullable String regionId) {}

  record PersistentVolumeRequest(@Nullable String volumeId) {}

  record DeleteVolumeRequest(@Nullable String volumeId) {}

  /** A page of disks, newest first. */
  record VolumesResponse(List<PersistentVolumeResponse> volumes, @Nullable String nextToken) {}

  /** The disk is no more. */
  record DeleteVolumeResponse() {}

  /** One disk. */
  record PersistentVolumeResponse(
      String volumeId,
      String regionId,
      @Nullable String zoneId,
      int size,
      String fsType,
      @Nullable String performanceLevel,
      boolean deleteWithInstance,
      @Nullable String containerGroupId,
      Instant creationTime) {

    static PersistentVolumeResponse of(PersistentVolume volume) {
      return new PersistentVolumeResponse(
          volume.id(),
          volume.region().value(),
          volume.zone() == null ? null : volume.zone().value(),
          volume.sizeGib(),
          volume.fsType(),
          volume.performanceLevel(),
          volume.deleteWithGroup(),
          volume.attachedTo() == null ? null : volume.attachedTo().value(),
          volume.createdAt().truncatedTo(ChronoUnit.SECONDS));
    }
  }
}
