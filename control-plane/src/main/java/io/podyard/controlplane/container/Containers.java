package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.runtime.ContainerProgress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which container of which group a request means. */
public final class Containers {

  private Containers() {}

  /** Finds what of the two is missing or cannot be right. */
  public static void requireNamed(
      @Nullable String group, @Nullable String container, List<Problem> problems) {
    if (group == null || group.isEmpty()) {
      problems.add(Problem.missing("ContainerGroupId"));
    } else {
      OwnGroups.checkId(group, problems::add);
    }
    if (container == null || container.isEmpty()) {
      problems.add(Problem.missing("ContainerName"));
    }
  }

  /**
   * The container of that name, an init container included.
   *
   * @throws ApiException if the group has none
   */
  public static String require(OwnGroup group, @Nullable String name) {
    return group.state().containers().stream()
        .map(ContainerProgress::name)
        .filter(container -> container.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    new Problem(
                        ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                        "ContainerName",
                        name,
                        "names no container of the group, which has "
                            + group.state().containers().stream()
                                .map(ContainerProgress::name)
                                .collect(Collectors.joining(", ")))));
  }
}
