package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupOrder;

/** A group on a host. */
record GroupKey(InstallationId installation, HostId host, ContainerGroupId group) {

  static GroupKey of(GroupOrder order) {
    return new GroupKey(order.installation(), order.host(), order.group());
  }
}
