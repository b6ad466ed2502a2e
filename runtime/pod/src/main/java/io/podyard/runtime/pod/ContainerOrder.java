package io.podyard.runtime.pod;

import io.podyard.model.AccountId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import java.util.List;

/**
 * One attempt at a container, to be made inside the group's sandbox.
 *
 * @param podIp address of the sandbox, for the environment; empty if it has none
 * @param gpus the host's GPUs that it sees, by their numbers; it sees no other
 */
public record ContainerOrder(
    ContainerName name,
    AccountId account,
    GroupSpec group,
    ContainerSpec spec,
    String podIp,
    List<Integer> gpus) {

  public ContainerOrder {
    gpus = List.copyOf(gpus);
  }

  /** Of one that sees no GPU. */
  public ContainerOrder(
      ContainerName name, AccountId account, GroupSpec group, ContainerSpec spec, String podIp) {
    this(name, account, group, spec, podIp, List.of());
  }
}
