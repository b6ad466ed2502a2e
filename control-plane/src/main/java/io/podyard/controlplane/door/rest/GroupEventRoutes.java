package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;

import io.podyard.api.Action;
import io.podyard.api.containergroup.ContainerGroupEventsResponse;
import io.podyard.controlplane.containergroup.GroupFollowing;
import io.podyard.controlplane.containergroup.KnownGroups;
import io.podyard.controlplane.event.EventSource;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens to container groups. */
@Configuration(proxyBeanMethods = false)
class GroupEventRoutes {

  @Bean
  Route describeContainerGroupEventsRoute(KnownGroups groups) {
    return Route.own(
        Action.DESCRIBE_CONTAINER_GROUP_EVENTS.wireName(),
        "GET",
        GroupRoutes.ONE + "/events",
        GroupEventsRequest.class,
        ContainerGroupEventsResponse.class,
        (caller, fields) -> {
          String id = GroupRoutes.groupId(fields);
          EventSource source = source(fields);
          return () -> groups.events(groups.require(caller.account(), id), source);
        },
        RouteText.of(
                RouteText.GROUPS,
                "List the events of a container group",
                """
                What happened to the group and its containers, oldest first; the same thing again \
                raises a count. Also of a group that has ended.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route followContainerGroupRoute(GroupFollowing following) {
    return Route.own(
        "FollowContainerGroup",
        "GET",
        GroupRoutes.ONE + "/event-stream",
        GroupStreamRequest.class,
        FollowedGroupResponse.class,
        (caller, fields) -> {
          String id = GroupRoutes.groupId(fields);
          Instant since = fields.time("StartTime");
          return () -> new FollowedGroupResponse(following.follow(caller.account(), id, since));
        },
        RouteText.of(
                RouteText.GROUPS,
                "Follow a container group",
                """
                Server-sent events for as long as something may happen to the group: `status` when \
                its status changes; `event` for each of its events, as `/events` lists them, again \
                when its count rises, with the exact time as its id; `pull` when a fetch of an image \
                begins, goes on, fails or ends, with the bytes that are there, all there will be, \
                and those asked of the registry; and `end` with the reason why nothing more comes. \
                It begins with how the group is, and is a second behind at most. A long fetch tells \
                of itself each time a twentieth more is there. Comments show that the server is \
                there; a client that takes nothing for a minute is cut off. Who comes back asks with \
                `startTime` for events that are younger than the last id.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND)
            .answerExample(
                """
                event: status
                data: Pending

                id: 2026-11-21T09:00:00.123456Z
                event: event
                data: {"count":1,"message":"Pulling image \\"web:1\\"","reason":"Pulling","type":"Normal"}

                event: pull
                data: {"image":"web:1","status":"Pulling","bytes":52428800,"totalBytes":104857600,"registryBytes":52428800,"failures":0,"startTime":"2026-11-21T09:00:00Z"}

                event: end
                data: the container group has ended

                """));
  }

  private static @Nullable EventSource source(OwnFields fields) {
    String name = fields.text("EventSource");
    if (name == null) {
      return null;
    }
    Optional<EventSource> source = EventSource.named(name);
    if (source.isEmpty()) {
      fields.refuse("EventSource", name, "must be EciService or K8sAgent");
    }
    return source.orElse(null);
  }
}
