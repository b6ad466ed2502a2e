package io.podyard.controlplane.door.signature;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict decoding: what is not percent-encoded UTF-8 is refused, never guessed. */
public final class PercentDecoding {

  private PercentDecoding() {}

  /**
   * Decodes a name or a value.
   *
   * @param encoded characters up to 255, each standing for the byte of its number
   * @return nothing if a percent sign is not followed by two hexadecimal digits, or the bytes are
   *     not UTF-8
   */
  public static Optional<String> decode(String encoded, boolean plusIsSpace) {
    if (isPlain(encoded, plusIsSpace)) {
      return Optional.of(encoded);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        int high = digit(encoded, i + 1);
        int low = digit(encoded, i + 2);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.write(' ');
      } else if (c > 0xff) {
        return Optional.empty();
      } else {
        bytes.write(c);
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(String encoded, boolean plusIsSpace) {
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%' || c > 0x7f || (c == '+' && plusIsSpace)) {
        return false;
      }
    }
    return true;
  }

  /** ASCII digits only: {@link Character#digit} knows those of other scripts too. */
  private static int digit(String text, int index) {
    char c = index < text.length() ? text.charAt(index) : 0;
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
