package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_DISK_ID_NOT_FOUND;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.VolumeIds;
import io.podyard.controlplane.volume.VolumeListing;
import io.podyard.model.RegionId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Disks as resources. ECI has none of these: disks are another product's there. */
@Configuration(proxyBeanMethods = false)
class VolumeRoutes {

  private static final String ALL = "/volumes";
  private static final String ONE = ALL + "/{volumeId}";
  private static final int VOLUMES_BY_DEFAULT = 20;
  private static final int MOST_VOLUMES = 100;

  private final VolumeListing volumes;
  private final Regions regions;
  private final SignedOnce once;

  VolumeRoutes(VolumeListing volumes, Regions regions, SignedOnce once) {
    this.volumes = volumes;
    this.regions = regions;
    this.once = once;
  }

  @Bean
  Route listVolumesRoute() {
    return Route.own(
        "ListVolumes",
        "GET",
        ALL,
        VolumeShapes.VolumesRequest.class,
        VolumeShapes.VolumesResponse.class,
        this::list,
        RouteText.of(
            RouteText.VOLUMES,
            "List disks",
            """
            The disks that your container groups have or left behind, newest first. A disk is made \
            with the first group that asks for a new one and stays until it is deleted, or its \
            group is, if the group asked for that.\
            """));
  }

  @Bean
  Route describeVolumeRoute() {
    return Route.own(
        "DescribeVolume",
        "GET",
        ONE,
        VolumeShapes.PersistentVolumeRequest.class,
        VolumeShapes.PersistentVolumeResponse.class,
        (caller, fields) -> {
          String id = fields.required("VolumeId");
          return () ->
              VolumeShapes.PersistentVolumeResponse.of(volumes.require(caller.account(), id));
        },
        RouteText.of(
                RouteText.VOLUMES,
                "Read a disk",
                "Its size, where it is, and which container group has it.")
            .errors(INVALID_DISK_ID_NOT_FOUND));
  }

  @Bean
  Route deleteVolumeRoute() {
    return Route.own(
        "DeleteVolume",
        "DELETE",
        ONE,
        VolumeShapes.DeleteVolumeRequest.class,
        VolumeShapes.DeleteVolumeResponse.class,
        (caller, fields) -> {
          String id = fields.required("VolumeId");
          return () -> {
            // Refused or not found as it is, whether or not this is a repetition.
            PersistentVolume _ = volumes.require(caller.account(), id);
            once.burn(caller);
            volumes.delete(caller.account(), id);
            return new VolumeShapes.DeleteVolumeResponse();
          };
        },
        RouteText.of(
                RouteText.VOLUMES,
                "Delete a disk",
                """
                Deletes a disk that no container group has, with all that is on it, for ever. It is \
                gone from answers at once; its host removes it after that.\
                """)
            .errors(INVALID_DISK_ID_NOT_FOUND, INCORRECT_STATUS));
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    int limit = fields.limit("Limit", VOLUMES_BY_DEFAULT, MOST_VOLUMES);
    String before = fields.id("NextToken", VolumeRoutes::id);
    RegionId region = regions.read(fields.text("RegionId"), fields::add);
    return () -> {
      PageOfRows<PersistentVolume> page =
          PageOfRows.of(volumes.page(caller.account(), region, before, limit + 1), limit);
      return new VolumeShapes.VolumesResponse(
          page.map(VolumeShapes.PersistentVolumeResponse::of),
          page.nextToken(PersistentVolume::id));
    };
  }

  private static String id(String value) {
    if (!VolumeIds.isId(value)) {
      throw new IllegalArgumentException("no id of a disk");
    }
    return value;
  }
}
