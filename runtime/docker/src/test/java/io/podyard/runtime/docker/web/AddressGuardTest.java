package io.podyard.runtime.docker.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://[fe80::1]/x",
        "http://[::ffff:169.254.169.254]/x",
        "http://[fd00:ec2::254]/x",
        "http://100.100.100.200/latest/meta-data",
        "http://168.63.129.16/machine",
        "http://0.0.0.0/x",
        "http://224.0.0.1/x",
        "http:///x",
      })
  void someAddressesAreNeverAsked(String address) {
    assertThatThrownBy(() -> AddressGuard.check("the server", URI.create(address), true))
        .isInstanceOf(WebRefusal.class);
  }

  @Test
  void thisMachineIsAskedOnlyWhenItWasMeant() {
    URI here = URI.create("http://127.0.0.1:5000/v2/");
    assertThatCode(() -> AddressGuard.check("the server", here, true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> AddressGuard.check("the server", here, false))
        .isInstanceOf(WebRefusal.class);
  }
}
