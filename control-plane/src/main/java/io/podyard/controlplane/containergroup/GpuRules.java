package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.GpuRequest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs of a group. It has as many as its containers ask for together, but no less than the init
 * container that asks for most, because those run alone and before the others; or as many as are
 * said of the group as a whole. It keeps that number for all its life: an update may divide them
 * anew.
 */
final class GpuRules {

  /** The contract's form (section 6). */
  private static final Pattern DRIVER = Pattern.compile("tesla=[0-9]{1,4}(\\.[0-9]{1,4}){1,3}");

  private GpuRules() {}

  /** How many each container asks for, by name, in their order. */
  private record Asked(Map<String, Integer> init, Map<String, Integer> together) {

    int most() {
      int sum = together.values().stream().mapToInt(Integer::intValue).sum();
      return init.values().stream().mapToInt(Integer::intValue).reduce(sum, Math::max);
    }
  }

  /**
   * Reads those of a new group; null if it has none. After a problem the result is of no use.
   *
   * @param machine which kinds of machines will do, null if nothing is said of that; of instance
   *     types the containers divide what the least of them has
   */
  static @Nullable GroupGpus read(
      List<ContainerAsked> asked, @Nullable MachineWish machine, Findings findings) {
    int before = findings.count();
    Asked wanted = new Asked(new LinkedHashMap<>(), new LinkedHashMap<>());
    for (ContainerAsked container : asked) {
      put(wanted, container, findings);
    }
    if (findings.count() > before) {
      return null;
    }
    GpuRequest request;
    if (machine == null || !machine.namesInstanceTypes()) {
      if (wanted.most() > GpuRequest.MOST) {
        findings.outOfRange(
            "Container",
            null,
            "ask for %d GPUs together; no host has more than %d"
                .formatted(wanted.most(), GpuRequest.MOST));
        return null;
      }
      request = GpuRequest.whole(wanted.most());
    } else {
      request = least(machine);
      if (wanted.most() > request.count()) {
        findings.outOfRange(
            "Container",
            null,
            "ask for %d GPUs together; the group has %d".formatted(wanted.most(), request.count()));
        return null;
      }
    }
    return request.count() == 0
        ? null
        : GroupGpus.of(request.count(), request.milliEach())
            .dividedAmong(wanted.init(), wanted.together());
  }

  /** What the option with the fewest GPUs has. */
  private static GpuRequest least(MachineWish machine) {
    return machine.options().stream()
        .map(MachineOption::gpuThousandths)
        .min(Comparator.naturalOrder())
        .map(InstanceType::gpus)
        .orElse(GpuRequest.NONE);
  }

  /** A group with the GPUs of the kind of machine that it became; who sees which stays. */
  static GroupSpec with(GroupSpec spec, GpuRequest request) {
    GroupGpus before = spec.gpus();
    return spec.withGpus(
        request.count() == 0
            ? null
            : new GroupGpus(
                request.count(), request.milliEach(), before == null ? Map.of() : before.places()));
  }

  /**
   * Reads those of a changed group; null if it has none. After a problem the result is of no use.
   *
   * @param asked the containers that the request names
   * @param init all that there will be
   * @param containers all that there will be
   */
  static @Nullable GroupGpus update(
      @Nullable GroupGpus before,
      List<ContainerAsked> asked,
      List<ContainerSpec> init,
      List<ContainerSpec> containers,
      Findings findings) {
    int found = findings.count();
    Asked named = new Asked(new LinkedHashMap<>(), new LinkedHashMap<>());
    ContainerAsked first = null;
    for (ContainerAsked container : asked) {
      int wanted = put(named, container, findings);
      first = first == null && wanted > 0 ? container : first;
    }
    Asked all =
        new Asked(all(before, named.init(), init), all(before, named.together(), containers));
    if (findings.count() > found || (before == null && first == null)) {
      return before;
    }
    if (before == null || all.most() > before.count()) {
      findings.outOfRange(
          first == null ? "Container" : first.path() + ".Gpu",
          first == null ? null : first.gpu(),
          before == null
              ? "must not be given: the group has no GPUs, and gets none while it lives"
              : "makes %d GPUs together; the group has %d, and gets no more while it lives"
                  .formatted(all.most(), before.count()));
      return before;
    }
    return before.dividedAmong(all.init(), all.together());
  }

  private static Map<String, Integer> all(
      @Nullable GroupGpus before, Map<String, Integer> named, List<ContainerSpec> containers) {
    Map<String, Integer> all = new LinkedHashMap<>();
    for (ContainerSpec container : containers) {
      String name = container.name();
      all.put(
          name, named.getOrDefault(name, before == null ? Integer.valueOf(0) : before.of(name)));
    }
    return all;
  }

  /** How many a container asks for. */
  private static int put(Asked wanted, ContainerAsked container, Findings findings) {
    int gpus = container.gpu() == null ? 0 : container.gpu();
    if (gpus < 0 || gpus > GpuRequest.MOST) {
      findings.outOfRange(
          container.path() + ".Gpu", gpus, "must be from 0 to %d".formatted(GpuRequest.MOST));
    }
    String name = container.name() == null ? container.path() : container.name();
    (container.init() ? wanted.init() : wanted.together()).put(name, gpus);
    return gpus;
  }

  /** The driver that was asked for; which one there is, is up to the hosts. */
  static @Nullable String driver(@Nullable String asked, Findings findings) {
    if (asked == null || asked.isEmpty()) {
      return null;
    }
    if (!DRIVER.matcher(asked).matches()) {
      findings.invalid("GpuDriverVersion", asked, "must look like tesla=470.82.01");
    }
    return asked;
  }

  /** What a group wants of the GPUs of its host. */
  static GpuRequest request(GroupSpec spec) {
    GroupGpus gpus = spec.gpus();
    return gpus == null ? GpuRequest.NONE : new GpuRequest(gpus.count(), gpus.milliEach());
  }
}
