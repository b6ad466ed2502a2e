package io.podyard.api.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Acs3AuthorizationTest {

  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final Acs3Authorization EXPECTED =
      new Acs3Authorization("ak", List.of("host", "x-acs-date"), HEX);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host;x-acs-date,Signature=",
        "ACS3-HMAC-SHA256 Credential=ak, SignedHeaders=host;x-acs-date, Signature="
      })
  void readsTheFields(String start) {
    assertThat(Acs3Authorization.parse(start + HEX)).contains(EXPECTED);
  }

  @Test
  void readsTheFieldsInAnyOrder() {
    assertThat(
            Acs3Authorization.parse(
                "ACS3-HMAC-SHA256 Credential=ak,Signature="
                    + HEX
                    + ",SignedHeaders=host;x-acs-date"))
        .contains(EXPECTED);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(Acs3Authorization.parse(EXPECTED.header())).contains(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic abc",
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SM3 Credential=ak,SignedHeaders=host,Signature=HEX",
        "ACS3-HMAC-SHA256 SignedHeaders=host,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host;,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=Host,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host,Signature=abc",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=ak,Credential=b,SignedHeaders=host,Signature=HEX",
        "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host,Signature=HEX,More=1",
        "ACS3-HMAC-SHA256 ,,,,"
      })
  void anythingElseIsNoAuthorization(String header) {
    assertThat(Acs3Authorization.parse(header.replace("HEX", HEX))).isEmpty();
    assertThat(Acs3Authorization.parse(header + "a=b,".repeat(10_000))).isEmpty();
  }
}
