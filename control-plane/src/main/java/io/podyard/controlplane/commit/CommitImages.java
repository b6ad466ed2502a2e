package io.podyard.controlplane.commit;

import io.podyard.controlplane.leftover.Leftovers;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.Set;

/** The images of tasks that hosts keep until they are pushed. */
record CommitImages(CommitTaskStore tasks) implements Leftovers.Kind {

  @Override
  public String words() {
    return "images";
  }

  @Override
  public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return runtime.committed(installation, host);
  }

  @Override
  public Set<String> alive(HostId host, Set<String> found) {
    return tasks.alive(host, found);
  }

  @Override
  public void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    runtime.removeCommitted(installation, host, task, fence);
  }
}
