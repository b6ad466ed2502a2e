package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.KernelSettings;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernel parameters of groups: set where they are the group's own, told where they cannot be. */
@Timeout(120)
class SysctlsTest extends EngineGround {

  private static GroupSpec with(Map<String, String> sysctls) {
    return spec(shell("one", "sleep 1000"), shell("two", "sleep 1000"))
        .withKernel(new KernelSettings(false, new TreeMap<>(sysctls)));
  }

  @Test
  void allContainersOfAGroupHaveTheParametersAndNoOtherGroupHas() throws Exception {
    GroupSpec wanted =
        with(
            Map.of(
                "net.ipv4.ip_unprivileged_port_start", "80",
                "net.ipv4.ping_group_range", "0 1000",
                "kernel.shmmax", "123456789"));
    ContainerGroupId group = group(wanted);
    start(group, wanted, "one");
    start(group, wanted, "two");
    GroupSpec plain = with(Map.of());
    ContainerGroupId other = group(plain);
    start(other, plain, "one");

    for (String container : new String[] {"one", "two"}) {
      assertThat(output(group, container, "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"))
          .isEqualTo("80");
      assertThat(output(group, container, "cat /proc/sys/net/ipv4/ping_group_range"))
          .isEqualTo("0\t1000");
      assertThat(output(group, container, "cat /proc/sys/kernel/shmmax")).isEqualTo("123456789");
    }
    assertThat(output(other, "one", "cat /proc/sys/kernel/shmmax")).isNotEqualTo("123456789");
  }

  @Test
  void whatTheKernelDoesNotTakeIsToldByNameAndNotTriedAgain() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "net.ipv4.ping_group_range", "everybody",
                "net.ipv4.no_such_parameter", "1",
                "kernel.hostname", "evil")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  group(
                      with(
                          Map.of(
                              wrong.getKey(),
                              wrong.getValue(),
                              "net.ipv4.ip_unprivileged_port_start",
                              "80"))))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              refused -> {
                assertThat(refused.isFinal()).as(refused.getMessage()).isTrue();
                assertThat(refused.reason()).isEqualTo(FailedSysctls.REASON);
                assertThat(refused.getMessage())
                    .startsWith(
                        "Kernel parameter %s cannot be set to \"%s\": "
                            .formatted(wrong.getKey(), wrong.getValue()));
              });
    }
  }
}
