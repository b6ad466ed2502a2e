package io.podyard.runtime.docker.data.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads values as RFC 4506 has them; what is not whole is refused. */
final class XdrReader {

  private final ByteBuffer in;

  XdrReader(ByteBuffer in) {
    this.in = in;
  }

  int integer() throws IOException {
    need(4);
    return in.getInt();
  }

  long hyper() throws IOException {
    need(8);
    return in.getLong();
  }

  boolean bool() throws IOException {
    return integer() != 0;
  }

  byte[] fixed(int length) throws IOException {
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    int padding = (4 - length % 4) % 4;
    need(padding);
    in.position(in.position() + padding);
    return bytes;
  }

  byte[] opaque(int most) throws IOException {
    int length = integer();
    if (length < 0 || length > most) {
      throw new IOException("the NFS server sent " + length + " bytes where it may send " + most);
    }
    return fixed(length);
  }

  /**
   * @throws NfsRefusal if it is no text
   */
  String string(int most) throws IOException, NfsRefusal {
    byte[] bytes = opaque(most);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NfsRefusal(
          "the name '%s' is not in UTF-8".formatted(new String(bytes, StandardCharsets.UTF_8)));
    }
  }

  private void need(int bytes) throws IOException {
    if (bytes > in.remaining()) {
      throw new IOException("the NFS server sent an answer that is not whole");
    }
  }
}
