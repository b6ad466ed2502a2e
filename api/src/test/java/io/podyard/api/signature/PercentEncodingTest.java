package io.podyard.api.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentEncodingTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "azAZ09-_.~,azAZ09-_.~",
        "a b,a%20b",
        "!'()*,%21%27%28%29%2A",
        "+/=&%,%2B%2F%3D%26%25",
        "中,%E4%B8%AD",
        "😀,%F0%9F%98%80"
      })
  void encodesAsTheContractSays(String text, String encoded) {
    assertThat(PercentEncoding.encode(text)).isEqualTo(encoded);
  }

  @Test
  void everyTextCanBeDecodedAgain() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
        if (Character.getType(codePoint) != Character.SURROGATE) {
          text.appendCodePoint(codePoint);
        }
      }
      String encoded = PercentEncoding.encode(text.toString());
      assertThat(encoded).matches("([A-Za-z0-9._~-]|%[0-9A-F]{2})*");
      assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text.toString());
    }
  }
}
